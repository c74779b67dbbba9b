package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aRunCallsItsMethodsInAFixedOrder() {
        String output = new Steps("fit", 2).run(log);

        assertEquals(
                """
                fit.reset
                fit.onRunStart
                fit.onAdvanceStart
                fit.advance
                fit.onAdvanceEnd
                fit.onAdvanceStart
                fit.advance
                fit.onAdvanceEnd
                fit.onRunEnd\
                """,
                String.join("\n", log));
        assertEquals("fit ended", output);
    }

    @Test
    void aRunWithoutStepsHasItsStartAndEnd() {
        new Steps("fit", 0).run(log);

        assertEquals(List.of("fit.reset", "fit.onRunStart", "fit.onRunEnd"), log);
    }

    @Test
    void aRunThatIsSkippedCallsNothingElse() {
        var loop =
                new Steps("fit", 2) {
                    @Override
                    protected boolean skip(List<String> in) {
                        return true;
                    }

                    @Override
                    protected String onSkip(List<String> in) {
                        say(in, "onSkip");
                        return "skipped";
                    }
                };

        String output = loop.run(log);

        assertEquals("skipped", output);
        assertEquals(List.of("fit.onSkip"), log);
    }

    @Test
    void doneIsAskedBeforeEveryStep() {
        var loop =
                new Steps("fit", 2) {
                    @Override
                    protected boolean done(List<String> in) {
                        say(in, "done");
                        return super.done(in);
                    }
                };

        loop.run(log);

        assertEquals(3, log.stream().filter("fit.done"::equals).count());
    }

    @Test
    void aLoopOfVoidNeedsNoOutput() {
        var bare =
                new Loop<String, Void>() {
                    @Override
                    protected boolean done(String input) {
                        return true;
                    }

                    @Override
                    protected void advance(String input) {}

                    @Override
                    protected boolean skip(String input) {
                        return input.isEmpty();
                    }
                };

        assertNull(bare.run("something"));
        assertNull(bare.run(""));
    }

    @Test
    void aLoopRunsAgainFromItsReset() {
        var loop = new Steps("fit", 1);

        loop.run(log);
        log.clear();
        loop.run(log);

        assertEquals("fit.reset", log.getFirst());
        assertEquals(6, log.size());
    }

    @Test
    void aChildRunsInsideTheStepOfItsOwner() {
        new Steps.Outer("outer", 1, new Steps("inner", 1)).run(log);

        assertEquals(
                """
                outer.reset
                outer.onRunStart
                outer.onAdvanceStart
                inner.reset
                inner.onRunStart
                inner.onAdvanceStart
                inner.advance
                inner.onAdvanceEnd
                inner.onRunEnd
                outer.advance
                outer.onAdvanceEnd
                outer.onRunEnd\
                """,
                String.join("\n", log));
    }

    @Test
    void runningAConnectedLoopIsRunningItsSlot() {
        var inner = new Steps("inner", 1);
        var outer =
                new Steps.Outer("outer", 1, inner) {
                    @Override
                    protected void advance(List<String> in) {
                        child.get().run(in);
                        count.set(1);
                    }
                };

        var states = Cuts.of(outer, log);

        assertEquals(
                "[\"child\"]", states.get(1).fields("run").fields("log").get("calls").toString());
    }

    @Test
    void aChildMayRunAloneWhileItsOwnerDoesNot() {
        var inner = new Steps("inner", 1);
        new Steps.Outer("outer", 1, inner);

        assertEquals("inner ended", inner.run(log));
    }

    @Test
    void aSlotMayBeRunWhileItsOwnerDoesNot() {
        var outer = new Steps.Outer("outer", 1, new Steps("inner", 1));

        assertEquals("inner ended", outer.child.run(log));
    }

    @Test
    void aLoopThatRunsCannotBeRun() {
        var loop =
                new Steps("fit", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        run(in);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> loop.run(log));

        assertEquals("Steps: is running already; a loop runs once at a time", error.getMessage());
    }

    @Test
    void aGrandchildCannotBeRunDirectly() {
        var leaf = new Steps("leaf", 1);
        var outer =
                new Steps.Outer("outer", 1, new Steps.Outer("inner", 1, leaf)) {
                    @Override
                    protected void advance(List<String> in) {
                        leaf.run(in);
                    }
                };
        Slot.root("fit_loop", outer);

        var error = assertThrows(IllegalStateException.class, () -> outer.run(log));

        assertEquals(
                "fit_loop.child.child: run from outside while 'fit_loop' is running; only the owner of its slot may run it",
                error.getMessage());
    }

    @Test
    void aChildOfARunningLoopIsNoRoot() {
        var inner = new Steps("inner", 1);
        var outer =
                new Steps.Outer("outer", 1, inner) {
                    @Override
                    protected void advance(List<String> in) {
                        inner.run(in, SafePoints.NONE);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> outer.run(log));

        assertEquals(
                "child: run from outside while 'Outer' is running; only the owner of its slot may run it",
                error.getMessage());
    }

    @Test
    void theTreeIsWrittenALineForEachLoop() {
        var outer = new Steps.Outer("outer", 1, new Steps.Outer("inner", 1, new Steps("leaf", 1)));

        assertEquals(
                """
                Outer
                  child: Outer
                    child: Steps
                """,
                outer.tree());

        Slot.root("fit_loop", outer);

        assertEquals(
                """
                fit_loop: Outer
                  child: Outer
                    child: Steps
                """,
                outer.tree());
    }

    @Test
    void aPathStartsAtTheTopOfTheTree() {
        var leaf = new Steps("leaf", 1);
        var inner = new Steps.Outer("inner", 1, leaf);
        var outer = new Steps.Outer("outer", 1, inner);

        assertEquals("", outer.path());
        assertEquals("child.child", leaf.path());

        Slot.root("fit_loop", outer);

        assertEquals("fit_loop", outer.path());
        assertEquals("fit_loop.child.child", leaf.path());
    }

    @Test
    void restartingLastsFromTheLoadToTheEndOfAStep() {
        var state = Cuts.at(1, new Steps("fit", 3), log);
        var seen = new ArrayList<Boolean>();
        var loop =
                new Steps("fit", 3) {
                    @Override
                    protected void onAdvanceEnd(List<String> in) {
                        seen.add(restarting());
                    }
                };
        assertFalse(loop.restarting());

        loop.loadStateDict(state);

        assertTrue(loop.restarting());
        loop.run(log);
        assertEquals(List.of(true, false), seen);
        assertFalse(loop.restarting());
    }

    @Test
    void aSafePointNamesTheLoopAndTellsWhetherTheRootHasEnded() {
        var seen = new ArrayList<String>();

        new Steps.Outer("outer", 1, new Steps("inner", 1))
                .run(log, point -> seen.add(point.path() + (point.ended() ? " ended" : "")));

        assertEquals(List.of("", "child", "child", "", " ended"), seen);
    }

    @Test
    void aSafePointIsOverAfterItsCall() {
        var kept = new ArrayList<SafePoint>();
        new Steps("fit", 1).run(log, kept::add);

        var error = assertThrows(IllegalStateException.class, () -> kept.getFirst().state());

        assertEquals(
                "SafePoint: used after its call; take the state inside reached(...)",
                error.getMessage());
        assertThrows(IllegalStateException.class, () -> kept.getFirst().path());
        assertThrows(IllegalStateException.class, () -> kept.getFirst().ended());
    }

    @Test
    void aRootWhoseOutputCannotBeSavedHasNoLastSafePoint() {
        var loop =
                new Steps("fit", 0) {
                    @Override
                    protected java.util.Optional<Codec<String>> outputCodec() {
                        return java.util.Optional.empty();
                    }
                };

        assertEquals(1, Cuts.of(loop, log).size());
    }
}
