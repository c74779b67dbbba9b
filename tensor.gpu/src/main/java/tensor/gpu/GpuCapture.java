package tensor.gpu;

import java.util.List;
import java.util.Set;
import tensor.spi.Capture;

/// What one thread asked of a device, to be started again as a whole.
final class GpuCapture implements Capture {
    private final Take take;
    private final Driver.Graph graph;
    private boolean closed;

    private GpuCapture(Recorder recorder, Take take) {
        this.take = take;
        this.graph = recorder.driver().graph(take.calls()::on);
    }

    /// {@return what `body` asks for, both times that it runs}
    ///
    /// @param given memory that it may use beside its own
    static GpuCapture of(
            Recorder recorder, DeviceMemory memory, List<Driver.Memory> given, Runnable body) {
        Take first = Take.of(recorder, memory, Set.of(), given, body);
        first.close();
        // What is uploaded is not done again, so nothing else may happen in its memory.
        Take second = Take.of(recorder, memory, first.uploaded(), given, body);
        try {
            first.calls().requireSame(second.calls());
            return new GpuCapture(recorder, second);
        } catch (RuntimeException | Error e) {
            second.close();
            throw e;
        }
    }

    @Override
    public void replay() {
        if (closed) {
            throw new IllegalStateException("capture: it is closed; make another one");
        }
        graph.launch();
        take.look();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            graph.close();
            take.close();
        }
    }
}
