package loops.api;

import static loops.api.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What each method of a loop may do, so that a run can go on inside of it.
class RulesOfMethodsTest {
    private final List<String> log = new ArrayList<>();

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
        var state = Cuts.at(1, Steps.outer(1), log);
        var resumed =
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected void onResume(List<String> in) {
                        child.run(in);
                    }
                };
        resumed.loadStateDict(state);
        refusedChild("onResume", resumed);

        var outer = Steps.outer(1);
        refused(
                "Outer: running 'child' in a safe point; only onRunStart, onAdvanceStart, advance, onAdvanceEnd and onRunEnd may",
                () -> outer.run(log, point -> outer.child.run(log)));
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
}
