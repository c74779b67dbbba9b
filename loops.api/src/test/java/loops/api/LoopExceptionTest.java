package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run does when something throws, and what can be done afterwards.
class LoopExceptionTest {
    private final List<String> log = new ArrayList<>();
    private final ArithmeticException thrown = new ArithmeticException("planned");

    @Test
    void anExceptionSurfacesUnchangedWithThePlaceItCameFrom() {
        var loop = new Steps.Outer("outer", 1, new Throwing("advance"));

        var caught = assertThrows(ArithmeticException.class, () -> loop.run(log));

        assertSame(thrown, caught);
        assertEquals("planned", caught.getMessage());
        var trace = LoopTrace.of(caught).orElseThrow();
        assertEquals("child", trace.path());
        assertEquals("advance", trace.method());
        assertEquals("in loop 'child', advance", trace.getMessage());
        assertEquals(1, caught.getSuppressed().length);
        assertEquals(0, trace.getStackTrace().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skip",
                "reset",
                "done",
                "onRunStart",
                "onAdvanceStart",
                "advance",
                "onAdvanceEnd",
                "onRunEnd"
            })
    void theTraceNamesTheMethod(String method) {
        var caught = assertThrows(ArithmeticException.class, () -> new Throwing(method).run(log));

        assertEquals(
                "in loop 'Throwing', " + method, LoopTrace.of(caught).orElseThrow().getMessage());
    }

    @Test
    void theTraceNamesASafePoint() {
        var caught =
                assertThrows(
                        ArithmeticException.class,
                        () ->
                                new Steps("fit", 1)
                                        .run(
                                                log,
                                                point -> {
                                                    throw thrown;
                                                }));

        assertEquals(
                "in loop 'Steps', a safe point", LoopTrace.of(caught).orElseThrow().getMessage());
    }

    @Test
    void whatHasNoLoopHasNoTrace() {
        assertEquals(Optional.empty(), LoopTrace.of(new ArithmeticException("elsewhere")));
    }

    @Test
    void anErrorIsTreatedAsAnException() {
        var loop =
                new Steps("fit", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        throw new AssertionError("planned");
                    }
                };

        var caught = assertThrows(AssertionError.class, () -> loop.run(log));

        assertEquals(Optional.of("Steps"), LoopTrace.of(caught).map(LoopTrace::path));
    }

    @Test
    void noEndIsReportedAndTheCountersTellHowFarItCame() {
        var loop = new Steps.Outer("outer", 2, new Throwing("onAdvanceEnd"));

        assertThrows(ArithmeticException.class, () -> loop.run(log));

        assertEquals("throwing.advance", log.getLast());
        assertEquals(1, loop.child.get(Throwing.class).count.get());
        assertEquals(0, loop.count.get());
    }

    @Test
    void aRunThatThrewHasNoState() {
        var loop = new Steps.Outer("outer", 2, new Throwing("advance"));
        assertThrows(ArithmeticException.class, () -> loop.run(log));

        var error = assertThrows(IllegalStateException.class, loop::stateDict);

        assertEquals(
                "stateDict: the last run of 'Outer' ended with an exception; use the state of the last safe point",
                error.getMessage());
        assertThrows(IllegalStateException.class, () -> loop.child.get().stateDict());
    }

    @Test
    void theSameLoopsRunAgainFromScratch() {
        var loop = new Steps.Outer("outer", 1, new Throwing("advance"));
        assertThrows(ArithmeticException.class, () -> loop.run(log));
        loop.child.get(Throwing.class).method = "";
        log.clear();

        String output = loop.run(log);

        assertEquals("outer ended", output);
        assertEquals(List.of("outer.reset", "outer.onRunStart"), log.subList(0, 2));
        assertEquals(2, loop.stateDict().entries().size());
    }

    @Test
    void theSameLoopsGoOnFromALoadedState() {
        var loop = new Steps.Outer("outer", 2, new Throwing(""));
        var state = Cuts.of(new Steps.Outer("outer", 2, new Throwing("")), log).get(3);
        loop.child.get(Throwing.class).method = "advance";
        assertThrows(ArithmeticException.class, () -> loop.run(log));

        loop.loadStateDict(state);
        loop.child.get(Throwing.class).method = "";

        assertEquals(state, loop.stateDict());
        assertEquals("outer ended", loop.run(log));
    }

    @Test
    void aCellMayBeSetAfterAnExceptionInDone() {
        var loop = new Throwing("done");
        assertThrows(ArithmeticException.class, () -> loop.run(log));

        loop.count.set(3);

        assertEquals(3, loop.count.get());
    }

    /// A loop below that was to go on starts again, once the run that was to go on has failed.
    @Test
    void aResumedRunThatThrewLeavesNoHalfRunBelow() {
        var loop =
                new Steps.Outer("outer", 1, new Steps("inner", 2)) {
                    @Override
                    protected void onResume(List<String> in) {
                        throw thrown;
                    }
                };
        loop.loadStateDict(Cuts.at(2, new Steps.Outer("outer", 1, new Steps("inner", 2)), log));
        assertThrows(ArithmeticException.class, () -> loop.run(log));
        log.clear();

        loop.run(log);

        assertEquals("inner.reset", log.get(3));
        assertEquals(2, log.stream().filter("inner.advance"::equals).count());
    }

    @Test
    void anExceptionAtTheLastSafePointLeavesNoHalfRun() {
        var loop = new Steps("fit", 1);
        assertThrows(
                ArithmeticException.class,
                () ->
                        loop.run(
                                log,
                                point -> {
                                    if (point.ended()) {
                                        throw thrown;
                                    }
                                }));
        assertThrows(IllegalStateException.class, loop::stateDict);

        loop.run(log);

        assertEquals(1, loop.stateDict().num("count"));
        assertEquals(1, loop.stateDict().entries().size());
    }

    // ---- caught by the loop above

    @Test
    void aLoopMayCatchWhatAChildThrowsAndGoOn() {
        var seen = new ArrayList<String>();
        var loop = new Catching(new Throwing("advance"));

        String output = loop.run(log, point -> seen.add(point.path()));

        assertEquals("outer ended", output);
        assertEquals(2, log.stream().filter("caught"::equals).count());
        assertEquals(List.of("", "child", "", "child", "", ""), seen);
        assertEquals(2, loop.stateDict().num("count"));
    }

    @Test
    void aRunThatCatchesIsCutAndGoesOn() {
        var whole = new ArrayList<String>();
        new Catching(new Throwing("advance")).run(whole);

        for (int at = 0; at < 5; at++) {
            log.clear();
            var state = Cuts.at(at, new Catching(new Throwing("advance")), log);
            var loop = new Catching(new Throwing("advance"));
            loop.loadStateDict(state);
            loop.run(log);
            log.removeIf(line -> line.endsWith("onResume"));
            assertEquals(whole, log, "cut " + at);
        }
    }

    @Test
    void noChildRunsInTheSameMethodAfterOneThatThrew() {
        var loop =
                new Catching(new Throwing("advance")) {
                    @Override
                    protected void advance(List<String> in) {
                        assertThrows(ArithmeticException.class, () -> child.run(in));
                        child.run(in);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> loop.run(log));

        assertEquals(
                "Catching: child 'child' in advance after 'child', which ended with an exception, so a resumed run could not repeat it; go on in the next step, or run both in once(...)",
                error.getMessage());
    }

    @Test
    void anotherChildRunsAfterOneThatThrewInsideOnce() {
        var loop =
                new Steps.Outer("outer", 1, new Throwing("advance")) {
                    final Slot<List<String>, String> second =
                            slot("second", new Steps("second", 1));

                    @Override
                    protected void advance(List<String> in) {
                        boolean ok = once("try", Codec.FLAG, () -> tried(in));
                        if (!ok) {
                            second.run(in);
                        }
                        count.set(1);
                    }

                    boolean tried(List<String> in) {
                        try {
                            child.run(in);
                            return true;
                        } catch (ArithmeticException e) {
                            return false;
                        }
                    }
                };

        var states = Cuts.of(loop, log);

        assertEquals(
                "{calls=[\"try\", \"second\"], outputs=[[false]], open=true}",
                states.get(1).fields("run").get("log").toString());
    }

    @Test
    void onceMayThrowAndBeCaught() {
        var loop =
                new Steps("fit", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        try {
                            once(
                                    "note",
                                    () -> {
                                        throw thrown;
                                    });
                        } catch (ArithmeticException e) {
                            once("other", () -> in.add("caught"));
                        }
                        count.set(1);
                    }
                };

        loop.run(log);

        assertEquals("caught", log.get(3));
    }

    private class Throwing extends Steps {
        String method;

        Throwing(String method) {
            super("throwing", 2);
            this.method = method;
        }

        private void in(String here) {
            if (here.equals(method)) {
                throw thrown;
            }
        }

        @Override
        protected boolean skip(List<String> in) {
            in("skip");
            return false;
        }

        @Override
        protected void reset(List<String> in) {
            in("reset");
            super.reset(in);
        }

        @Override
        protected boolean done(List<String> in) {
            in("done");
            return super.done(in);
        }

        @Override
        protected void onRunStart(List<String> in) {
            in("onRunStart");
            super.onRunStart(in);
        }

        @Override
        protected void onAdvanceStart(List<String> in) {
            in("onAdvanceStart");
            super.onAdvanceStart(in);
        }

        @Override
        protected void advance(List<String> in) {
            in("advance");
            super.advance(in);
        }

        @Override
        protected void onAdvanceEnd(List<String> in) {
            in("onAdvanceEnd");
            super.onAdvanceEnd(in);
        }

        @Override
        protected String onRunEnd(List<String> in) {
            in("onRunEnd");
            return super.onRunEnd(in);
        }
    }

    private static class Catching extends Steps.Outer {
        Catching(Loop<List<String>, String> inner) {
            super("outer", 2, inner);
        }

        @Override
        protected void advance(List<String> in) {
            try {
                child.run(in);
            } catch (ArithmeticException e) {
                in.add("caught");
            }
            count.set(count.get() + 1);
        }
    }
}
