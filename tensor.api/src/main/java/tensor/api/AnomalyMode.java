package tensor.api;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;

/// Finds where the first NaN comes from: every operation and every derivative is looked at, and the first whose result has
/// NaN is an [AnomalyException], which names it and the line that called it.
///
/// ```java
/// AnomalyMode.in(() -> loss(batch).backward());
/// ```
///
/// It reads every result, so it is for hunting a fault. Outside of it nothing is looked at.
public final class AnomalyMode {
    static final ScopedValue<Boolean> ON = ScopedValue.newInstance();
    private static final ScopedValue<@Nullable StackTraceElement> LINE = ScopedValue.newInstance();
    private static final Set<String> OURS = Set.of("tensor.api", "tensor.nn", "tensor.optim");

    private AnomalyMode() {}

    /// {@return what `body` gives, if no operation in it gives NaN}
    ///
    /// @param <T> what it gives
    /// @param body computes with tensors
    /// @throws AnomalyException if an operation or a derivative gives NaN
    public static <T> T in(Supplier<T> body) {
        return ScopedValue.where(ON, true).call(body::get);
    }

    /// Runs `body`, and throws if an operation in it gives NaN.
    ///
    /// @param body computes with tensors
    /// @throws AnomalyException if an operation or a derivative gives NaN
    public static void in(Runnable body) {
        ScopedValue.where(ON, true).run(body);
    }

    static boolean on() {
        return ON.isBound() && ON.get();
    }

    /// {@return what `body` gives while nothing is looked at}
    static <T> T outside(Supplier<T> body) {
        return ScopedValue.where(ON, false).call(body::get);
    }

    /// {@return the derivative that `body` computes, while nothing is looked at} What it records has been called where its
    /// operation was.
    static <T> T derivative(Node of, Supplier<T> body) {
        return ScopedValue.where(ON, false).where(LINE, of.caller).call(body::get);
    }

    /// {@return the line outside of this library that is calling, where anyone may ask for it later}
    static @Nullable StackTraceElement caller() {
        if (!ON.isBound()) {
            return null;
        }
        return on() ? callingLine() : LINE.isBound() ? LINE.get() : null;
    }

    private static @Nullable StackTraceElement callingLine() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.filter(frame -> isOutside(frame.getClassName()))
                                .findFirst()
                                .map(StackWalker.StackFrame::toStackTraceElement)
                                .orElse(null));
    }

    private static boolean isOutside(String className) {
        return !OURS.contains(packageOf(className))
                && !className.startsWith("java.")
                && !className.startsWith("jdk.");
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    /// Looks at the result of an operation; a view has nothing that was not looked at.
    static void check(Op op, Tensor[] in, Tensor result) {
        String where = op.label();
        if (op.isView() || !hasNaN(result)) {
            return;
        }
        for (int i = 0; i < in.length; i++) {
            if (hasNaN(in[i])) {
                throw new AnomalyException(
                        "%s: input %d, %s, has NaN %s; look where it comes from%s"
                                .formatted(where, i, in[i].shape(), place(in[i]), line(caller())));
            }
        }
        throw new AnomalyException(
                "%s: the result, %s, has NaN %s%s"
                        .formatted(where, result.shape(), place(result), line(caller())));
    }

    /// Looks at the cotangent of an input of an operation.
    static void check(Node node, int input, Tensor cotangent, Tensor share) {
        if (hasNaN(share)) {
            String from = hasNaN(cotangent) ? ", as that of its result has" : "";
            throw new AnomalyException(
                    "%s: the gradient of input %d, %s, has NaN %s%s%s"
                            .formatted(
                                    node.op.label(),
                                    input,
                                    share.shape(),
                                    place(share),
                                    from,
                                    line(node.caller)));
        }
    }

    private static boolean hasNaN(Tensor x) {
        return x.dtype().isFloating() && outside(() -> nans(x).sum().itemLong() > 0);
    }

    private static Tensor nans(Tensor x) {
        return x.detach().isNaN().cast(DType.INT64);
    }

    /// {@return the first place that has NaN, in words}
    private static String place(Tensor x) {
        long at = outside(() -> nans(x).flatten().argMax(0).itemLong());
        int[] index = new int[x.rank()];
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = (int) (at % x.size(axis));
            at /= x.size(axis);
        }
        return "at " + Arrays.toString(index);
    }

    private static String line(@Nullable StackTraceElement caller) {
        return caller == null
                ? ""
                : "; called at %s.%s(%s:%d)"
                        .formatted(
                                caller.getClassName(),
                                caller.getMethodName(),
                                caller.getFileName(),
                                caller.getLineNumber());
    }
}
