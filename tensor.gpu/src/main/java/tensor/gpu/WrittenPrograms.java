package tensor.gpu;

import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.Program;

/// Runs programs by kernels that are written for them, one each.
final class WrittenPrograms implements Programs {
    private static final String NAME = "program";

    private final Kernels kernels;
    private final RowFolding folding;
    private final int parameterBytes;
    private final Map<Program, Driver.Kernel> written = new WeakHashMap<>();

    WrittenPrograms(Kernels kernels, RowFolding folding, int parameterBytes) {
        this.kernels = kernels;
        this.folding = folding;
        this.parameterBytes = parameterBytes;
    }

    @Override
    public boolean takes(Program program, Shape domain, int inputs) {
        int numbers = 1 + Walk.RANK + 1; // place, memory, and step
        int bytes = Long.BYTES * (4 + Walk.RANK + numbers * (inputs + program.outputs().size()));
        return bytes <= parameterBytes;
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        Driver.Kernel kernel = kernel(program, inputs.size());
        List<Operand> operands = Stream.concat(outputs.stream(), inputs.stream()).toList();
        if (program.hasRows()) {
            int last = domain.rank() - 1;
            List<Lines> lines = operands.stream().map(x -> Lines.along(last, x)).toList();
            kernels.rows(kernel, folding, domain.size(last), lines);
        } else {
            kernels.elements(kernel, operands);
        }
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
