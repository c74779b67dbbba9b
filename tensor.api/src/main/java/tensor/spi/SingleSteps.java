package tensor.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import tensor.layout.DType;

/// The primitives of elements, and folds of rows, as programs of one step: so that a backend computes a primitive by the same
/// code as that step of a greater program. Each is made once.
///
/// **Threads.** All methods may be called from any thread.
public final class SingleSteps {
    private final ConcurrentHashMap<List<Object>, Program> made = new ConcurrentHashMap<>();

    /// No programs yet.
    public SingleSteps() {}

    /// {@return [Backend#unary]}
    ///
    /// @param op the operator
    /// @param dtype of the input and of the result
    public Program unary(UnaryOp op, DType dtype) {
        return made.computeIfAbsent(
                List.of(op, dtype),
                _ -> of(new Step.Map1(op, 0, dtype, Extent.ALL), input(0, dtype)));
    }

    /// {@return [Backend#binary]}
    ///
    /// @param op the operator
    /// @param dtype of the inputs
    public Program binary(BinaryOp op, DType dtype) {
        DType result = op.isComparison() ? DType.BOOL : dtype;
        return made.computeIfAbsent(
                List.of(op, dtype),
                _ ->
                        of(
                                new Step.Map2(op, 0, 1, result, Extent.ALL),
                                input(0, dtype),
                                input(1, dtype)));
    }

    /// {@return [Backend#where]}
    ///
    /// @param dtype of what is chosen from
    public Program where(DType dtype) {
        return made.computeIfAbsent(
                List.of("where", dtype),
                _ ->
                        of(
                                new Step.Where(0, 1, 2, dtype, Extent.ALL),
                                input(0, DType.BOOL),
                                input(1, dtype),
                                input(2, dtype)));
    }

    /// {@return what folds rows into one number each}
    ///
    /// @param op the operator
    /// @param dtype of the input and of the result
    public Program fold(ReduceOp op, DType dtype) {
        return made.computeIfAbsent(
                List.of("fold", op, dtype),
                _ -> {
                    List<Step> steps = List.of(input(0, dtype), new Step.Fold(op, 0, dtype));
                    return new Program(steps, List.of(new Program.Output(1, Extent.ROW)));
                });
    }

    /// {@return what copies bits}
    ///
    /// @param dtype any of their size
    public Program copy(DType dtype) {
        return made.computeIfAbsent(
                List.of("copy", dtype),
                _ ->
                        new Program(
                                List.of(input(0, dtype)),
                                List.of(new Program.Output(0, Extent.ALL))));
    }

    private static Step input(int number, DType dtype) {
        return new Step.Input(number, dtype, Extent.ALL);
    }

    private static Program of(Step last, Step... inputs) {
        List<Step> steps = new ArrayList<>(List.of(inputs));
        steps.add(last);
        return new Program(steps, List.of(new Program.Output(inputs.length, Extent.ALL)));
    }
}
