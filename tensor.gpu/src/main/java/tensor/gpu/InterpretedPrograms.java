package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.Program;

/// Runs programs by a kernel that follows instructions, where no compiler is to write them as kernels of their own. So a program
/// is one pass over memory here too, but each of its steps costs more than the function that it computes.
///
/// Functions, and the order in which rows are folded, are those of [WrittenPrograms], and so are the bits.
final class InterpretedPrograms implements Programs {
    private static final String NAME = "interpreter";
    private static final int GROUP = RowText.MOST_LANES;

    /// Of values of up to 4 bytes: less memory, and fewer functions.
    private final Instructions narrow = new Instructions("UINT", Integer.BYTES);

    private final Instructions wide = new Instructions("ULONG", Long.BYTES);
    private final Kernels kernels;
    private final int parameterBytes;
    private final Map<Program, Optional<Driver.Numbers>> codes = new WeakHashMap<>();

    /// @param kernels of the device
    /// @param parameterBytes how long the arguments of one launch may be
    InterpretedPrograms(Kernels kernels, int parameterBytes) {
        this.kernels = kernels;
        this.parameterBytes = parameterBytes;
    }

    @Override
    public boolean takes(Program program, Shape domain, int inputs) {
        int operand = 1 + 1 + Walk.RANK + 1; // memory, place, and step
        int others = 2 + Walk.RANK + 2 + ProgramCode.WORDS;
        return Long.BYTES * (others + operand * ProgramCode.OPERANDS) <= parameterBytes
                && inputs + program.outputs().size() <= ProgramCode.OPERANDS
                && code(program).isPresent();
    }

    private Optional<Driver.Numbers> code(Program program) {
        synchronized (codes) {
            return codes.computeIfAbsent(
                    program, _ -> ProgramCode.of(program, instructions(program)));
        }
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        int last = domain.rank() - 1;
        List<Lines> operands =
                Stream.concat(outputs.stream(), inputs.stream())
                        .map(x -> program.hasRows() ? Lines.along(last, x) : Lines.single(x))
                        .toList();
        long length = program.hasRows() ? domain.size(last) : 1;
        int lanes = RowText.lanes(length);
        Driver.Numbers code = code(program).orElseThrow();
        Driver.Kernel kernel = kernel(program);
        Walk.over(operands.stream().map(Lines::starts).toArray(Layout[]::new))
                .forEachPart(walk -> {
                    List<Driver.Argument> arguments = new ArrayList<>();
                    arguments.add(walk.argument());
                    arguments.add(code);
                    arguments.add(places(walk));
                    arguments.add(steps(operands));
                    arguments.add(new Driver.Numbers(length));
                    arguments.add(new Driver.Numbers(lanes));
                    for (int i = 0; i < ProgramCode.OPERANDS; i++) { // those that are none too
                        arguments.add(operands.get(i < operands.size() ? i : 0).memory());
                    }
                    kernels.launch(kernel, walk.count(), GROUP / lanes, GROUP, arguments);
                });
    }

    /// {@return the struct of all places}
    private static Driver.Numbers places(Walk walk) {
        int length = 1 + Walk.RANK;
        long[] values = new long[length * ProgramCode.OPERANDS];
        for (int i = 0; i < walk.places().size(); i++) {
            System.arraycopy(walk.place(i).values(), 0, values, i * length, length);
        }
        return new Driver.Numbers(values);
    }

    /// {@return the struct of all steps}
    private static Driver.Numbers steps(List<Lines> operands) {
        long[] values = operands.stream().mapToLong(Lines::step).toArray();
        return new Driver.Numbers(Arrays.copyOf(values, ProgramCode.OPERANDS));
    }

    private Instructions instructions(Program program) {
        return program.steps().stream().allMatch(step -> narrow.types().contains(step.dtype()))
                ? narrow
                : wide;
    }

    private Driver.Kernel kernel(Program program) {
        Instructions instructions = instructions(program);
        return kernels.get(instructions, NAME, () -> text(instructions));
    }

    private static KernelText text(Instructions instructions) {
        Map<String, String> macros = new HashMap<>(instructions.macros());
        macros.put(KernelText.NAME, NAME);
        macros.put("GROUP", Integer.toString(GROUP));
        macros.put("OPERANDS", Integer.toString(ProgramCode.OPERANDS));
        macros.put("SLOTS", Integer.toString(ProgramCode.SLOTS));
        macros.put("WORDS", Integer.toString(ProgramCode.WORDS));
        return KernelText.of("interpreter.k", List.of(macros));
    }
}
