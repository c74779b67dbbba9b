package loops.api;

import static loops.api.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a run goes on from a loaded state, and from the end of one.
class ResumeTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aRunCutBetweenTwoStepsGoesOnWithTheNext() {
        var state = Cuts.at(1, new Steps("fit", 2), log);
        var loop = new Steps("fit", 2);
        loop.loadStateDict(state);
        log.clear();

        String output = loop.run(log);

        assertEquals(
                List.of(
                        "fit.onResume",
                        "fit.onAdvanceStart",
                        "fit.advance",
                        "fit.onAdvanceEnd",
                        "fit.onRunEnd"),
                log);
        assertEquals("fit ended", output);
    }

    @Test
    void aRunCutBeforeItsFirstStepDoesNotStartAgain() {
        var state = Cuts.at(0, new Steps("fit", 0), log);
        var loop = new Steps("fit", 0);
        loop.loadStateDict(state);
        log.clear();

        loop.run(log);

        assertEquals(List.of("fit.onResume", "fit.onRunEnd"), log);
    }

    @Test
    void aRunThatGoesOnIsNotSkipped() {
        var state = Cuts.at(0, new Steps("fit", 1), log);
        var loop =
                new Steps("fit", 1) {
                    @Override
                    protected boolean skip(List<String> in) {
                        return true;
                    }
                };
        loop.loadStateDict(state);

        assertEquals("fit ended", loop.run(log));
    }

    @Test
    void theStateAfterALoadIsTheLoadedOne() {
        for (var state : Cuts.of(Steps.outer(1), log)) {
            var loop = Steps.outer(1);
            loop.loadStateDict(state);
            assertEquals(state, loop.stateDict());
        }
    }

    /// In which method of the outer loop the child runs.
    @ParameterizedTest
    @ValueSource(strings = {"onRunStart", "onAdvanceStart", "advance", "onAdvanceEnd", "onRunEnd"})
    void aRunCutInAnyMethodGoesOnInsideIt(String method) {
        var whole = new ArrayList<String>();
        var undisturbed = new InMethod(method);
        String output = undisturbed.run(whole);
        int cuts = Cuts.of(new InMethod(method), new ArrayList<>()).size();

        for (int at = 0; at < cuts - 1; at++) {
            log.clear();
            var state = Cuts.at(at, new InMethod(method), log);
            var loop = new InMethod(method);
            loop.loadStateDict(state);
            assertEquals(output, loop.run(log));
            log.removeIf(line -> line.endsWith("onResume"));
            assertEquals(whole, log, "cut " + at);
            assertEquals(undisturbed.stateDict(), loop.stateDict());
        }
    }

    @Test
    void anotherInputIsRefusedAndTheRightOneGoesOn() {
        var state = Cuts.at(1, new Keyed(), 4);
        var loop = new Keyed();
        loop.loadStateDict(state);

        refused(
                "Keyed: goes on with the input {index=5}, was saved with {index=4}; give the resumed run the same input",
                () -> loop.run(5));

        assertEquals(state, loop.stateDict());
        assertEquals("4444", loop.run(4));
    }

    // ---- an ended root

    @Test
    void anEndedRootGivesItsOutput() {
        var state = Cuts.of(new Steps("fit", 2), log).getLast();
        assertEquals(
                "{phase=\"ended\", input={}, output=[\"fit ended\"]}", state.get("run").toString());
        var loop = new Steps("fit", 2);
        loop.loadStateDict(state);
        log.clear();

        String output = loop.run(log);

        assertEquals("fit ended", output);
        assertEquals(List.of(), log);
        assertEquals(Fields.empty().with("count", 2), loop.stateDict());
    }

    @Test
    void anEndedRootGoesOnIfItsLimitWasRaised() {
        var state = Cuts.of(new Steps("fit", 1), log).getLast();
        var loop = new Steps("fit", 2);
        loop.loadStateDict(state);
        log.clear();

        var states = Cuts.of(loop, log);

        assertEquals(
                List.of(
                        "fit.onResume",
                        "fit.onAdvanceStart",
                        "fit.advance",
                        "fit.onAdvanceEnd",
                        "fit.onRunEnd"),
                log);
        assertEquals("\"done\"", states.getFirst().fields("run").get("phase").toString());
        assertFalse(states.getFirst().fields("run").has("output"));
        var third = new Steps("fit", 3);
        third.loadStateDict(states.getFirst());
        assertEquals("fit ended", third.run(log));
    }

    @Test
    void aRaisedLimitBeforeTheEndIsTheLongerRun() {
        var state = Cuts.at(1, new Steps("fit", 1), log);
        var whole = new ArrayList<String>();
        new Steps("fit", 2).run(whole);
        var loop = new Steps("fit", 2);
        loop.loadStateDict(state);

        loop.run(log);

        log.remove("fit.onResume");
        assertEquals(whole, log);
    }

    @Test
    void anEndedRunOfNoOutputIsLoaded() {
        Supplier<Loop<List<String>, Void>> fresh = Silent::new;
        var state = Cuts.of(fresh.get(), log).getLast();
        var loop = fresh.get();
        loop.loadStateDict(state);

        assertNull(loop.run(log));
    }

    @Test
    void anEndedOutputThatCannotBeReadIsAnError() {
        var state = Cuts.of(new Steps("fit", 1), log).getLast();
        var loop = new Unsaved("fit", 1);
        loop.loadStateDict(state);

        refused(
                "Unsaved: the saved output cannot be read; the loop has no outputCodec()",
                () -> loop.run(log));
    }

    // ---- loops

    /// Runs its child in one of the five methods.
    private static final class InMethod extends Steps {
        private final Slot<List<String>, String> child = slot("child", new Steps("inner", 2));
        private final String method;

        InMethod(String method) {
            super("outer", 2);
            this.method = method;
        }

        private void in(String here, List<String> log) {
            if (here.equals(method)) {
                log.add("got " + child.run(log));
            }
        }

        @Override
        protected void onRunStart(List<String> log) {
            in("onRunStart", log);
            super.onRunStart(log);
        }

        @Override
        protected void onAdvanceStart(List<String> log) {
            in("onAdvanceStart", log);
            super.onAdvanceStart(log);
        }

        @Override
        protected void advance(List<String> log) {
            in("advance", log);
            super.advance(log);
        }

        @Override
        protected void onAdvanceEnd(List<String> log) {
            in("onAdvanceEnd", log);
            super.onAdvanceEnd(log);
        }

        @Override
        protected String onRunEnd(List<String> log) {
            in("onRunEnd", log);
            return super.onRunEnd(log);
        }
    }

    private static final class Silent extends Loop<List<String>, Void> {
        @Override
        protected boolean done(List<String> in) {
            return true;
        }

        @Override
        protected void advance(List<String> in) {}
    }

    private static final class Keyed extends Loop<Integer, String> {
        private final Cell<String> said = cell("said", "");

        @Override
        protected boolean done(Integer index) {
            return said.get().length() == 4;
        }

        @Override
        protected void advance(Integer index) {
            said.set(said.get() + index);
        }

        @Override
        protected String onRunEnd(Integer index) {
            return said.get();
        }

        @Override
        protected Fields inputKey(Integer index) {
            return Fields.empty().with("index", index);
        }
    }
}
