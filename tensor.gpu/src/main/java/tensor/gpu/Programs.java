package tensor.gpu;

import java.util.List;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.Program;

/// How programs run on a device: each as one launch, with the bits that it has step by step.
sealed interface Programs permits WrittenPrograms, InterpretedPrograms {

    /// {@return how they run on a device with these kernels}
    ///
    /// @param folding how the device folds rows
    static Programs of(DeviceTraits traits, Kernels kernels, RowFolding folding) {
        return traits.compiles()
                ? new WrittenPrograms(kernels, folding, traits.parameterBytes())
                : new InterpretedPrograms(kernels, traits.parameterBytes());
    }

    /// {@return whether this takes a program that is not too long for one launch}
    ///
    /// @param inputs how many operands it reads
    boolean takes(Program program, Shape domain, int inputs);

    /// Runs what [#takes] takes, see [tensor.spi.Backend#run].
    void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs);
}
