package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// The primitives of elements, and folds of rows, as programs of one step: so a primitive and the same step of a greater
/// program are the same text, and have the same bits.
final class Primitives {
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
                                (each, name) -> {
                                    Step step = new Step.Map1(each, 0, dtype, Extent.ALL);
                                    return map(name, List.of(input(0, dtype)), step);
                                }));
    }

    Driver.Kernel binary(BinaryOp op, DType dtype) {
        List<BinaryOp> defined =
                Arrays.stream(BinaryOp.values()).filter(each -> each.isDefinedOn(dtype)).toList();
        return kernels.get(
                List.of("binary", dtype),
                "binary_" + op.name(),
                () ->
                        family(
                                "binary_",
                                defined,
                                (each, name) -> {
                                    DType type = each.isComparison() ? DType.BOOL : dtype;
                                    Step step = new Step.Map2(each, 0, 1, type, Extent.ALL);
                                    var both = List.of(input(0, dtype), input(1, dtype));
                                    return map(name, both, step);
                                }));
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
                                (each, name) -> {
                                    Step step = new Step.Where(0, 1, 2, each, Extent.ALL);
                                    var all =
                                            List.of(
                                                    input(0, DType.BOOL),
                                                    input(1, each),
                                                    input(2, each));
                                    return map(name, all, step);
                                }));
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
                                (each, name) -> map(name, List.of(input(0, each)))));
    }

    /// {@return what folds rows into one number each}
    Driver.Kernel fold(ReduceOp op, DType dtype) {
        List<DType> defined =
                Arrays.stream(DType.values()).filter(each -> op.isDefinedOn(each)).toList();
        return kernels.get(
                List.of("fold", op),
                "fold_" + dtype.name(),
                () ->
                        family(
                                "fold_",
                                defined,
                                (each, name) -> {
                                    List<Step> steps =
                                            List.of(input(0, each), new Step.Fold(op, 0, each));
                                    var out = new Program.Output(1, Extent.ROW);
                                    var program = new Program(steps, List.of(out));
                                    return RowText.of(name, program, 1, folding);
                                }));
    }

    /// {@return a kernel for each of some constants, of its name behind a prefix}
    private static <E extends Enum<E>> KernelText family(
            String prefix, List<E> each, BiFunction<E, String, String> text) {
        List<String> names = new ArrayList<>();
        var all = new StringBuilder();
        for (E one : each) {
            names.add(prefix + one.name());
            all.append(text.apply(one, names.getLast()));
        }
        return KernelText.of(names, all.toString());
    }

    private static Step input(int number, DType dtype) {
        return new Step.Input(number, dtype, Extent.ALL);
    }

    /// {@return a kernel of one step, which takes the inputs before it, or of one input alone}
    private static String map(String name, List<Step> inputs, Step... last) {
        List<Step> steps = new ArrayList<>(inputs);
        steps.addAll(List.of(last));
        var out = new Program.Output(steps.size() - 1, Extent.ALL);
        return MapText.of(name, new Program(steps, List.of(out)), inputs.size());
    }
}
