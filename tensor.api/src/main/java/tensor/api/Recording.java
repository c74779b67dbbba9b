package tensor.api;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether operations on tracked tensors are recorded for gradients. On, unless bound otherwise.
final class Recording {
    static final ScopedValue<Boolean> ON = ScopedValue.newInstance();

    private Recording() {}

    static boolean on() {
        return !ON.isBound() || ON.get();
    }

    static <T extends @Nullable Object> T on(Supplier<T> body) {
        return ScopedValue.where(ON, true).call(body::get);
    }

    static <T extends @Nullable Object> T off(Supplier<T> body) {
        return ScopedValue.where(ON, false).call(body::get);
    }

    static void off(Runnable body) {
        ScopedValue.where(ON, false).run(body);
    }
}
