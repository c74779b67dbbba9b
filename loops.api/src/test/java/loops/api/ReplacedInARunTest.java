package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Loops that are replaced or wrapped in the middle of a run.
class ReplacedInARunTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aReplacedLoopGoesOnWhereTheOldOneWasInterrupted() {
        var state = Cuts.at(2, Steps.outer(1), log);
        var loop = Steps.outer(1);
        loop.loadStateDict(state);
        log.clear();

        loop.child.replace(old -> new Steps("new", 1));

        assertEquals(state, loop.stateDict());
        loop.run(log);
        assertEquals(List.of("outer.onResume", "new.onResume", "new.onRunEnd"), log.subList(0, 3));
    }

    @Test
    void aLoopAroundAnInterruptedOneStartsAndTheInnerOneGoesOn() {
        var state = Cuts.at(2, Steps.outer(1), log);
        var loop = Steps.outer(1);
        loop.loadStateDict(state);
        log.clear();

        loop.child.replace(old -> new Steps.Outer("around", 1, old));
        loop.run(log);

        assertEquals(
                List.of(
                        "outer.onResume",
                        "around.reset",
                        "around.onRunStart",
                        "around.onAdvanceStart",
                        "inner.onResume",
                        "inner.onRunEnd"),
                log.subList(0, 6));
    }

    @Test
    void anInterruptedLoopIsReplacedByOneWithAllItsParts() {
        var loop = Steps.outer(1);
        loop.loadStateDict(Cuts.at(2, Steps.outer(1), log));

        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.child.replace(old -> new Bare()));

        assertEquals(
                "replace: 'child' was interrupted, and Bare does not declare [count]; declare them, or replace before the state is loaded",
                error.getMessage());
        assertEquals("inner ended", loop.child.get().run(log));
    }

    @Test
    void theReplacedLoopForgetsWhereItWas() {
        var state = Cuts.of(new Steps("fit", 1), log).getLast();
        var old = new Steps("fit", 1);
        var root = Slot.root("fit_loop", old);
        old.loadStateDict(state);
        root.replace(l -> new Steps("new", 1));
        log.clear();

        old.run(log);
        String output = root.get().run(new ArrayList<>());

        assertEquals("fit.reset", log.getFirst());
        assertEquals("fit ended", output);
    }

    private static final class Bare extends Loop<List<String>, String> {
        @Override
        protected boolean done(List<String> in) {
            return true;
        }

        @Override
        protected void advance(List<String> in) {}
    }
}
