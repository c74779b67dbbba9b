package tensor.cpu;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Programs of one operation, each made once. By them operands that no loop can read where they lie are loaded block by block,
/// and not copied as a whole first.
final class OneStep {
    private static final String WHERE = "where";

    private final Map<Key, Program> known = new ConcurrentHashMap<>();

    private record Key(Object op, DType dtype) {}

    Program unary(UnaryOp op, DType dtype) {
        return known(
                op,
                dtype,
                () -> {
                    var step = new Step.Map1(op, 0, dtype, Extent.ALL);
                    return program(List.of(input(0, dtype)), step);
                });
    }

    /// @param dtype of the operands
    /// @param result of the result
    Program binary(BinaryOp op, DType dtype, DType result) {
        return known(
                op,
                dtype,
                () -> {
                    var step = new Step.Map2(op, 0, 1, result, Extent.ALL);
                    return program(List.of(input(0, dtype), input(1, dtype)), step);
                });
    }

    Program where(DType dtype) {
        return known(
                WHERE,
                dtype,
                () -> {
                    var step = new Step.Where(0, 1, 2, dtype, Extent.ALL);
                    return program(
                            List.of(input(0, DType.BOOL), input(1, dtype), input(2, dtype)), step);
                });
    }

    private Program known(Object op, DType dtype, Supplier<Program> make) {
        return known.computeIfAbsent(new Key(op, dtype), _ -> make.get());
    }

    private static Step input(int number, DType dtype) {
        return new Step.Input(number, dtype, Extent.ALL);
    }

    private static Program program(List<Step> inputs, Step step) {
        List<Step> steps = Stream.concat(inputs.stream(), Stream.of(step)).toList();
        return new Program(steps, List.of(new Program.Output(inputs.size(), Extent.ALL)));
    }
}
