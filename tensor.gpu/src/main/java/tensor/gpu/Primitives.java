package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.ReduceOp;
import tensor.spi.SingleSteps;
import tensor.spi.UnaryOp;

/// The kernels of programs of one step, by families: so a primitive and the same step of a greater program are the same text,
/// and have the same bits.
final class Primitives {
    private final SingleSteps singles = new SingleSteps();
    private final Kernels kernels;
    private final RowFolding folding;

    Primitives(Kernels kernels, RowFolding folding) {
        this.kernels = kernels;
        this.folding = folding;
    }

    Driver.Kernel unary(UnaryOp op, DType dtype) {
        return kernels.get(
                List.of("unary", dtype),
                "unary_" + op.name(),
                () ->
                        family(
                                "unary_",
                                List.of(UnaryOp.values()),
                                (name, each) -> MapText.of(name, singles.unary(each, dtype), 1)));
    }

    Driver.Kernel binary(BinaryOp op, DType dtype) {
        return kernels.get(
                List.of("binary", dtype),
                "binary_" + op.name(),
                () ->
                        family(
                                "binary_",
                                Arrays.stream(BinaryOp.values())
                                        .filter(each -> each.isDefinedOn(dtype))
                                        .toList(),
                                (name, each) -> MapText.of(name, singles.binary(each, dtype), 2)));
    }

    /// {@return what chooses elements}
    ///
    /// @param bits a type of their size
    Driver.Kernel where(DType bits) {
        return kernels.get(
                "where",
                "where_" + bits.name(),
                () ->
                        family(
                                "where_",
                                GpuBackend.BITS,
                                (name, each) -> MapText.of(name, singles.where(each), 3)));
    }

    /// {@return what copies elements}
    ///
    /// @param bits a type of their size
    Driver.Kernel copy(DType bits) {
        return kernels.get(
                "copy",
                "copy_" + bits.name(),
                () ->
                        family(
                                "copy_",
                                GpuBackend.BITS,
                                (name, each) -> MapText.of(name, singles.copy(each), 1)));
    }

    /// {@return what folds rows into one number each}
    Driver.Kernel fold(ReduceOp op, DType dtype) {
        return kernels.get(
                List.of("fold", op),
                "fold_" + dtype.name(),
                () ->
                        family(
                                "fold_",
                                Arrays.stream(DType.values()).filter(op::isDefinedOn).toList(),
                                (name, each) ->
                                        RowText.of(name, singles.fold(op, each), 1, folding)));
    }

    /// {@return a kernel for each of some constants, of its name behind a prefix}
    private static <E extends Enum<E>> KernelText family(
            String prefix, List<E> each, BiFunction<String, E, String> text) {
        List<String> names = new ArrayList<>();
        var all = new StringBuilder();
        for (E one : each) {
            names.add(prefix + one.name());
            all.append(text.apply(names.getLast(), one));
        }
        return KernelText.of(names, all.toString());
    }
}
