package tensor.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Graphs of the driver: calls that a stream has recorded, started as a whole. The device's context must be current.
final class Graphs {
    /// What other threads do meanwhile, such as to allocate, is their business.
    private static final int RELAXED = 2;

    private final ForeignLibrary driver;

    Graphs(ForeignLibrary driver) {
        this.driver = driver;
    }

    /// {@return the address of a graph that can be started}
    ///
    /// @param stream its address; nothing happens there
    /// @param calls go to that stream
    long record(long stream, Runnable calls) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
            check("cuStreamBeginCapture_v2", MemorySegment.ofAddress(stream), RELAXED);
            boolean isDone = false;
            try {
                calls.run();
                isDone = true;
            } finally {
                int status =
                        driver.call("cuStreamEndCapture", MemorySegment.ofAddress(stream), place);
                if (isDone) {
                    Status.check("cuStreamEndCapture", status);
                }
            }
            MemorySegment graph = place.get(ValueLayout.ADDRESS, 0);
            try {
                check("cuGraphInstantiateWithFlags", place, graph, 0L);
                return place.get(ValueLayout.ADDRESS, 0).address();
            } finally {
                check("cuGraphDestroy", graph);
            }
        }
    }

    void launch(long graph, long stream) {
        check("cuGraphLaunch", MemorySegment.ofAddress(graph), MemorySegment.ofAddress(stream));
    }

    void destroy(long graph) {
        check("cuGraphExecDestroy", MemorySegment.ofAddress(graph));
    }

    private void check(String function, Object... arguments) {
        Status.check(function, driver.call(function, arguments));
    }
}
