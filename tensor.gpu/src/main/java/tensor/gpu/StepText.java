package tensor.gpu;

import java.util.List;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// What a kernel does for the steps of a program: one expression each. The value of step 7 is called `v7`, operands are
/// `x0`, `x1` and `y0`, `y1`, and lie at `at_x0` and so on.
///
/// Types and functions have the names that they have in Java, see `types.h`, `casts.h` and `functions.h`.
final class StepText {
    private final List<Step> steps;
    private final String place;

    /// @param place where an element of operand `%1$d` lies, as an expression
    StepText(Program program, String place) {
        this.steps = program.steps();
        this.place = place;
    }

    /// {@return the declaration of a value, one line}
    ///
    /// @param step which is no fold
    String declared(int step) {
        return "%s v%d = %s;\n".formatted(steps.get(step).dtype().name(), step, value(step));
    }

    private String value(int number) {
        return switch (steps.get(number)) {
            case Step.Input(int input, _, Extent extent) ->
                    ("x%1$d[" + (extent == Extent.ALL ? place : "at_x%1$d") + "]").formatted(input);
            case Step.Constant(long bits, DType dtype) -> constant(bits, dtype);
            case Step.Map1(var op, int x, DType dtype, _) ->
                    "%s(v%d)".formatted(function(op, dtype), x);
            case Step.Map2(var op, int a, int b, _, _) ->
                    "%s(v%d, v%d)".formatted(function(op, steps.get(a).dtype()), a, b);
            case Step.Where(int condition, int a, int b, _, _) ->
                    "v%d ? v%d : v%d".formatted(condition, a, b);
            case Step.Cast(int x, DType dtype, _) ->
                    steps.get(x).dtype() == dtype
                            ? "v" + x
                            : "%s(v%d)".formatted(cast(steps.get(x).dtype(), dtype), x);
            case Step.Spread(int x, _) -> "v" + x;
            case Step.Fold _ -> throw new AssertionError("a fold is no expression");
        };
    }

    /// {@return the name of the function of an operation}
    ///
    /// @param op a [tensor.spi.UnaryOp] or a [tensor.spi.BinaryOp]
    /// @param dtype of what it takes
    static String function(Enum<?> op, DType dtype) {
        return "%s_%s".formatted(op.name(), dtype.name());
    }

    /// {@return the name of the function that converts}
    static String cast(DType from, DType to) {
        return "CAST_%s_%s".formatted(from.name(), to.name());
    }

    /// {@return a number as an expression}
    static String constant(long bits, DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "FLOAT_OF_BITS((UINT)0x%X)".formatted(bits);
            case FLOAT64 -> "DOUBLE_OF_BITS((ULONG)0x%X)".formatted(bits);
            case FLOAT16, BFLOAT16, INT64, INT32, UINT8, BOOL ->
                    "(%s)0x%X".formatted(dtype.name(), bits);
        };
    }

    /// {@return the type of an operand of the program}
    static String type(Program program, int input) {
        return program.steps().stream()
                .filter(step -> step instanceof Step.Input in && in.number() == input)
                .findFirst()
                .map(step -> step.dtype().name())
                .orElse(DType.UINT8.name()); // not read
    }

    /// {@return the type of a result of the program}
    static String type(Program program, Program.Output output) {
        return program.steps().get(output.step()).dtype().name();
    }
}
