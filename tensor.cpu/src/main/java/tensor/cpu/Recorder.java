package tensor.cpu;

import org.jspecify.annotations.Nullable;

/// Knows into what a thread writes down the loops that it asks for, while they are to be done again.
final class Recorder {
    private final ScopedValue<CpuCapture> writing = ScopedValue.newInstance();

    /// Runs `body`, whose loops on this thread are written down.
    ///
    /// @throws IllegalStateException if this thread writes already
    void writing(CpuCapture into, Runnable body) {
        if (writing.isBound()) {
            throw new IllegalStateException(
                    "capture: this thread is capturing already; captures do not nest");
        }
        ScopedValue.where(writing, into).run(body);
    }

    /// {@return into what this thread writes; null if it does not, and within a loop, which is written down as a whole}
    @Nullable CpuCapture current() {
        if (!writing.isBound()) {
            return null;
        }
        CpuCapture capture = writing.get();
        return capture.isWithinLoop() ? null : capture;
    }
}
