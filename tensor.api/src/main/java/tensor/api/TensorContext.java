package tensor.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that operations on tensors depend on beside their inputs: the device, the scope, whether gradients are recorded and
/// NaN is looked for, and what stands in the place of parameters.
///
/// All of it is bound to the thread that called [Device#run], [TensorScope#run] and their like. By its context a second
/// thread works in the place of the first:
///
/// ```java
/// var context = TensorContext.current();
/// var helper = Thread.ofVirtual().start(() -> context.run(body));
/// helper.join();
/// ```
///
/// **Threads.** Two threads with one scope take turns: only one works with tensors at a time, and what passes the work on
/// orders memory, as `join`, a lock or a semaphore does.
public final class TensorContext {
    private final Device device = Device.current();
    private final boolean recording = Recording.on();
    private final boolean anomalies = AnomalyMode.on();
    private final Map<Parameter, Tensor> replaced = Parameter.replacements();
    private final @Nullable TensorScope scope = TensorScope.orNull();

    private TensorContext() {}

    /// {@return the context of this thread, at this moment}
    public static TensorContext current() {
        return new TensorContext();
    }

    /// Runs something in this context, whatever thread it is that calls.
    ///
    /// @param body what to run, before the scope of the context ends
    public void run(Runnable body) {
        ScopedValue.where(Device.CURRENT, device)
                .where(Recording.ON, recording)
                .where(AnomalyMode.ON, anomalies)
                .where(Parameter.REPLACED, replaced)
                .where(TensorScope.INNERMOST, new TensorScope.Innermost(scope))
                .run(body);
    }
}
