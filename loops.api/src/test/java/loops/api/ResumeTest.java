package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a run goes on from a loaded state.
class ResumeTest {
    private final List<String> log = new ArrayList<>();

    // ---- where it goes on

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
        for (var state : Cuts.of(outer(1), log)) {
            var loop = outer(1);
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
    void theOpenCallsAndOutputsAreInTheState() {
        var loop =
                new Steps.Outer("outer", 1, new Steps("inner", 0)) {
                    @Override
                    protected void advance(List<String> in) {
                        once("announce", () -> in.add("round"));
                        int pick = once("pick", Codec.INTEGER, () -> 7);
                        child.run(in);
                        count.set(pick);
                    }
                };

        var state = Cuts.at(1, loop, log);

        assertEquals(
                "{phase=\"advance\", input={}, log={calls=[\"announce\", \"pick\", \"child\"], outputs=[[], [7]], open=true}}",
                state.get("run").toString());
        assertEquals(
                "{phase=\"done\", input={}, log={calls=[], outputs=[], open=false}}",
                state.fields("child").get("run").toString());
    }

    @Test
    void onceIsDoneOnceAndItsValueIsKept() {
        Supplier<Steps.Outer> fresh =
                () ->
                        new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                once("announce", () -> in.add("round"));
                                int pick = once("pick", Codec.INTEGER, () -> pick(in));
                                child.run(in);
                                in.add("picked " + pick);
                                count.set(1);
                            }

                            int pick(List<String> in) {
                                in.add("picking");
                                return in.size();
                            }
                        };
        var whole = new ArrayList<String>();
        fresh.get().run(whole);

        var state = Cuts.at(2, fresh.get(), log);
        var loop = fresh.get();
        loop.loadStateDict(state);
        loop.run(log);
        log.removeIf(line -> line.endsWith("onResume"));

        assertEquals(whole, log);
    }

    /// `done` has no calls, and the questions it asks are asked again.
    @Test
    void onceInDoneIsRefused() {
        var loop =
                new Steps("fit", 1) {
                    @Override
                    protected boolean done(List<String> in) {
                        once("note", () -> in.add("x"));
                        return true;
                    }
                };

        refused(
                "Steps: once(\"note\") in done; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may",
                () -> loop.run(log));
    }

    // ---- outputs of children

    @Test
    void aChildThatHadEndedGivesItsStoredOutput() {
        Supplier<Steps.Outer> fresh = () -> new TwoCalls(new Steps("inner", 0));
        var state = Cuts.at(2, fresh.get(), log);
        assertEquals(
                "{calls=[\"child\", \"child\"], outputs=[[\"inner ended\"]], open=true}",
                state.fields("run").get("log").toString());
        log.clear();

        var loop = fresh.get();
        loop.loadStateDict(state);
        loop.run(log);

        assertEquals(
                List.of(
                        "outer.onResume",
                        "inner.onResume",
                        "inner.onRunEnd",
                        "got inner ended and inner ended"),
                log.subList(0, 4));
    }

    @Test
    void aStoredOutputIsAStateLikeAnyOther() {
        // The output is itself a list, which is also how outputs are stored.
        var state = Cuts.at(2, new OfStates(), log);
        var once = new OfStates();
        once.loadStateDict(state);
        var again = Cuts.at(0, once, log);

        var twice = new OfStates();
        twice.loadStateDict(again);
        log.clear();
        twice.run(log);

        assertEquals(List.of("[1, 2]", "[1, 2]"), log.subList(0, 2));
    }

    @Test
    void aStoredOutputThatCannotBeReadIsAnError() {
        var state = Cuts.at(2, new TwoCalls(new Steps("inner", 0)), log);
        var loop = new TwoCalls(new Unsaved("inner", 0));
        loop.loadStateDict(state);

        refused(
                "the output of 'child' was saved, but its loop has no outputCodec() to read it",
                () -> loop.run(log));
    }

    @Test
    void theLastChildNeedsNoCodec() {
        var state = Cuts.at(2, new Steps.Outer("outer", 1, new Unsaved("inner", 1)), log);
        var loop = new Steps.Outer("outer", 1, new Unsaved("inner", 1));
        loop.loadStateDict(state);

        assertEquals("outer ended", loop.run(log));
    }

    @Test
    void anOutputBeforeAnotherChildNeedsACodec() {
        refused(
                "Outer: child 'child' in advance after 'child', whose output cannot be saved; give that loop an outputCodec()",
                () ->
                        new Steps.Outer("outer", 1, new Unsaved("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                child.run(in);
                                child.run(in);
                            }
                        }.run(log));
    }

    @Test
    void anOutputBeforeAnotherChildMayBeNull() {
        var nothing =
                new Unsaved("inner", 1) {
                    @Override
                    @SuppressWarnings("NullAway") // as a loop of Void
                    protected String onRunEnd(List<String> in) {
                        return null;
                    }
                };

        new TwoCalls(nothing).run(log);

        assertEquals("got null and null", log.get(log.size() - 3));
    }

    @Test
    void onceAfterAChildNeedsNoCodec() {
        var loop =
                new Steps.Outer("outer", 1, new Unsaved("inner", 1)) {
                    @Override
                    protected void advance(List<String> in) {
                        child.run(in);
                        once("note", () -> in.add("noted"));
                        count.set(1);
                    }
                };

        loop.run(log);

        assertEquals(1, log.stream().filter("noted"::equals).count());
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

    // ---- inputs

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

    // ---- what may come before a child

    @Test
    void changesBeforeAChildAreRefused() {
        refusedAdvance(
                "Outer: 'count' was changed before child 'child' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                outer -> outer.count.set(1));
        refusedAdvance(
                "Outer: 'count' was read and then changed before child 'child' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                outer -> {
                    int now = outer.count.get();
                    outer.once("count", () -> outer.count.set(now + 1));
                });
    }

    @Test
    void aChangeInOnceMayBeReadAfterwards() {
        Supplier<Steps.Outer> fresh =
                () ->
                        new Steps.Outer("outer", 2, new Steps("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                once("count", () -> count.set(count.get() + 1));
                                in.add("step " + count.get());
                                child.run(in);
                            }
                        };

        assertEquals("outer ended", fresh.get().run(log));
    }

    @Test
    void aReadInOnResumeIsNoReadOfTheOpenMethod() {
        Supplier<Steps.Outer> fresh =
                () ->
                        new TwoCalls(new Steps("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                child.run(in);
                                once("count", () -> count.set(count.get() + 1));
                                child.run(in);
                            }

                            @Override
                            protected void onResume(List<String> in) {
                                in.add("at " + count.get());
                            }
                        };
        var state = Cuts.at(1, fresh.get(), log);
        var loop = fresh.get();
        loop.loadStateDict(state);

        assertEquals("outer ended", loop.run(log));
    }

    @Test
    void nothingIsChangedInAQuestion() {
        refused(
                "Steps: 'count' changed in done, which is only a question; change it in a hook",
                () ->
                        new Steps("fit", 1) {
                            @Override
                            protected boolean done(List<String> in) {
                                count.set(count.get() + 1);
                                return true;
                            }
                        }.run(log));
        refused(
                "Steps: 'count' changed in skip, which is only a question; change it in a hook",
                () ->
                        new Steps("fit", 1) {
                            @Override
                            protected boolean skip(List<String> in) {
                                count.set(1);
                                return false;
                            }
                        }.run(log));
    }

    @Test
    void noChildRunsOutsideTheFiveMethods() {
        refusedChild(
                "done",
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected boolean done(List<String> in) {
                        child.run(in);
                        return true;
                    }
                });
        refusedChild(
                "skip",
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected boolean skip(List<String> in) {
                        child.run(in);
                        return true;
                    }
                });
        refusedChild(
                "onSkip",
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected boolean skip(List<String> in) {
                        return true;
                    }

                    @Override
                    protected String onSkip(List<String> in) {
                        return child.run(in);
                    }
                });
        refusedChild(
                "reset",
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected void reset(List<String> in) {
                        child.run(in);
                    }
                });
    }

    @Test
    void noChildRunsInOnResumeOrAtASafePoint() {
        var state = Cuts.at(1, outer(1), log);
        var resumed =
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected void onResume(List<String> in) {
                        child.run(in);
                    }
                };
        resumed.loadStateDict(state);
        refusedChild("onResume", resumed);

        var outer = outer(1);
        refused(
                "Outer: running 'child' in a safe point; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may",
                () -> outer.run(log, point -> outer.child.run(log)));
    }

    @Test
    void onceOutsideARunIsRefused() {
        refused(
                "Steps: once(\"x\") in no run; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may",
                () -> new Steps("fit", 1).once("x", () -> {}));
    }

    @Test
    void onceInsideOnceIsRefused() {
        refusedAdvance(
                "Outer: once(\"inner\") inside another once; move it out",
                outer -> outer.once("outer", () -> outer.once("inner", () -> {})));
    }

    // ---- what cannot be cut

    @Test
    void anAtomicLoopHasNoSafePointsInside() {
        var seen = new ArrayList<String>();
        var atomic =
                new Steps.Outer("middle", 2, new Steps("leaf", 2)) {
                    @Override
                    protected boolean atomic() {
                        return true;
                    }
                };

        new Steps.Outer("outer", 1, atomic).run(log, point -> seen.add(point.path()));

        assertEquals(List.of("", "", ""), seen);
    }

    @Test
    void anAtomicLoopKeepsNoRules() {
        var atomic =
                new Steps.Outer("middle", 1, new Unsaved("leaf", 1)) {
                    @Override
                    protected boolean atomic() {
                        return true;
                    }

                    @Override
                    protected void advance(List<String> in) {
                        count.set(count.get() + 1);
                        child.run(in);
                        child.run(in);
                    }
                };

        assertEquals("outer ended", new Steps.Outer("outer", 1, atomic).run(log));
    }

    @Test
    void aChildInsideOnceIsNotCut() {
        var seen = new ArrayList<String>();
        Supplier<Steps.Outer> fresh =
                () ->
                        new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                String said = once("probe", Codec.TEXT, () -> child.run(in));
                                in.add(said);
                                child.run(in);
                                count.set(1);
                            }
                        };

        fresh.get().run(log, point -> seen.add(point.path()));
        assertEquals(List.of("", "child", "child", "", ""), seen);

        var state = Cuts.at(1, fresh.get(), new ArrayList<>());
        var loop = fresh.get();
        loop.loadStateDict(state);
        log.clear();
        loop.run(log);
        assertEquals(List.of("outer.onResume", "inner ended", "inner.onResume"), log.subList(0, 3));
    }

    // ---- replaced and wrapped in the middle of a run

    @Test
    void aReplacedLoopGoesOnWhereTheOldOneWasInterrupted() {
        var state = Cuts.at(2, outer(1), log);
        var loop = outer(1);
        loop.loadStateDict(state);
        log.clear();

        loop.child.replace(old -> new Steps("new", 1));

        assertEquals(state, loop.stateDict());
        loop.run(log);
        assertEquals(List.of("outer.onResume", "new.onResume", "new.onRunEnd"), log.subList(0, 3));
    }

    @Test
    void aLoopAroundAnInterruptedOneStartsAndTheInnerOneGoesOn() {
        var state = Cuts.at(2, outer(1), log);
        var loop = outer(1);
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
        var loop = outer(1);
        loop.loadStateDict(Cuts.at(2, outer(1), log));

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

    // ----

    private static Steps.Outer outer(int limit) {
        return new Steps.Outer("outer", limit, new Steps("inner", 1));
    }

    private static void refused(String message, Runnable call) {
        var error = assertThrows(IllegalStateException.class, call::run);

        assertEquals(message, error.getMessage());
    }

    private void refusedChild(String method, Steps.Outer loop) {
        refused(
                "Outer: running 'child' in "
                        + method
                        + "; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may",
                () -> loop.run(log));
    }

    private void refusedAdvance(String message, Consumer<Steps.Outer> before) {
        var loop =
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected void advance(List<String> in) {
                        before.accept(this);
                        child.run(in);
                    }
                };

        refused(message, () -> loop.run(log));
    }

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

    private static class TwoCalls extends Steps.Outer {
        TwoCalls(Loop<List<String>, String> inner) {
            super("outer", 1, inner);
        }

        @Override
        protected void advance(List<String> in) {
            String first = child.run(in);
            String second = child.run(in);
            in.add("got " + first + " and " + second);
            count.set(1);
        }
    }

    private static class Unsaved extends Steps {
        Unsaved(String name, int limit) {
            super(name, limit);
        }

        @Override
        protected Optional<Codec<String>> outputCodec() {
            return Optional.empty();
        }
    }

    /// Its child returns a state.
    private static final class OfStates extends Loop<List<String>, Void> {
        private final Slot<List<String>, LoopState> child = slot("child", new Two());
        private final Cell<Boolean> ended = cell("ended", false);

        @Override
        protected boolean done(List<String> in) {
            return ended.get();
        }

        @Override
        protected void advance(List<String> in) {
            var first = child.run(in);
            var second = child.run(in);
            in.add(first.toString());
            in.add(second.toString());
            ended.set(true);
        }
    }

    private static final class Two extends Loop<List<String>, LoopState> {
        private final Cell<Integer> step = cell("step", 0);

        @Override
        protected void reset(List<String> in) {
            step.set(0);
        }

        @Override
        protected boolean done(List<String> in) {
            return step.get() == 1;
        }

        @Override
        protected void advance(List<String> in) {
            step.set(1);
        }

        @Override
        protected LoopState onRunEnd(List<String> in) {
            return new Items(List.of(new LoopState.Num(1), new LoopState.Num(2)));
        }

        @Override
        protected Optional<Codec<LoopState>> outputCodec() {
            return Optional.of(Codec.STATE);
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

    private static final class Bare extends Loop<List<String>, String> {
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
