package loops.api;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;

/// The states at the safe points of a run.
final class Cuts {
    private Cuts() {}

    /// {@return the state at every safe point of a run to its end}
    static <I, O extends @Nullable Object> List<Fields> of(Loop<I, O> loop, I input) {
        var states = new ArrayList<Fields>();
        loop.run(input, point -> states.add(point.state()));
        return states;
    }

    /// {@return the state at the safe point of that number, where the run is left}
    static <I, O extends @Nullable Object> Fields at(int number, Loop<I, O> loop, I input) {
        var states = new ArrayList<Fields>();
        assertThrows(
                Left.class,
                () ->
                        loop.run(
                                input,
                                point -> {
                                    states.add(point.state());
                                    if (states.size() > number) {
                                        throw new Left();
                                    }
                                }));
        return states.getLast();
    }

    private static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Left() {
            super("left");
        }
    }
}
