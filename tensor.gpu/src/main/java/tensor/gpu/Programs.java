package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.Step;

/// Runs programs, each as one kernel that is written for it.
final class Programs {
    private static final String NAME = "program";

    private final Kernels kernels;
    private final RowFolding folding;
    private final int parameterBytes;
    private final Map<Program, Driver.Kernel> written = new WeakHashMap<>();

    Programs(Kernels kernels, RowFolding folding, int parameterBytes) {
        this.kernels = kernels;
        this.folding = folding;
        this.parameterBytes = parameterBytes;
    }

    /// {@return whether this is for [#run], not for step by step} Rows that are too long are not, nor more operands than a
    /// launch takes, nor division of whole numbers, which may be an error.
    boolean takes(Program program, Shape domain, int inputs) {
        int numbers = 1 + Walk.RANK + 1; // place, memory, and step
        int bytes = Long.BYTES * (4 + Walk.RANK + numbers * (inputs + program.outputs().size()));
        return bytes <= parameterBytes
                && !(program.hasRows() && domain.size(domain.rank() - 1) > RowText.LONGEST)
                && program.steps().stream().noneMatch(Programs::mayFail);
    }

    private static boolean mayFail(Step step) {
        return step instanceof Step.Map2(BinaryOp op, _, _, var dtype, _)
                && op == BinaryOp.DIV
                && dtype.isInteger();
    }

    /// See [tensor.spi.Backend#run].
    void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        Driver.Kernel kernel = kernel(program, inputs.size());
        List<Operand> operands = Stream.concat(outputs.stream(), inputs.stream()).toList();
        if (program.hasRows()) {
            int last = domain.rank() - 1;
            List<Lines> lines = operands.stream().map(x -> Lines.along(last, x)).toList();
            rows(kernel, domain.size(last), lines);
        } else {
            map(kernel, operands);
        }
    }

    /// Launches the kernel of a program without rows.
    ///
    /// @param operands the outputs and the inputs, of one shape
    void map(Driver.Kernel kernel, List<Operand> operands) {
        Walk.over(operands.stream().map(Operand::layout).toArray(Layout[]::new))
                .forEachPart(walk -> {
                    List<Driver.Argument> arguments = new ArrayList<>();
                    arguments.add(walk.argument());
                    for (int i = 0; i < operands.size(); i++) {
                        arguments.add(GpuBackend.memory(operands.get(i)));
                        arguments.add(walk.place(i));
                    }
                    kernels.forEach(kernel, walk.count(), arguments);
                });
    }

    /// Launches the kernel of a program with rows.
    ///
    /// @param length of a row, at most [RowText#LONGEST]
    /// @param operands the outputs and the inputs
    void rows(Driver.Kernel kernel, long length, List<Lines> operands) {
        int lanes = RowText.lanes(length);
        kernels.lines(
                kernel,
                operands,
                folding.groupSize(),
                folding.rowsOfGroup(lanes),
                List.of(),
                length,
                lanes);
    }

    private Driver.Kernel kernel(Program program, int inputs) {
        synchronized (written) {
            return written.computeIfAbsent(
                    program,
                    _ -> {
                        String text =
                                program.hasRows()
                                        ? RowText.of(NAME, program, inputs, folding)
                                        : MapText.of(NAME, program, inputs);
                        return kernels.get(text, NAME, () -> KernelText.of(List.of(NAME), text));
                    });
        }
    }
}
