package loops.api;

import static loops.api.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.api.LoopState.Items;
import org.junit.jupiter.api.Test;

/// The calls of an open method, which a run that goes on does not make again: children and `once`.
class ResumedCallsTest {
    private final List<String> log = new ArrayList<>();

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

    // ---- loops

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
}
