package loops.api.testkit;

import java.util.function.Supplier;
import loops.api.LoopState;
import loops.api.SafePoint;
import org.jspecify.annotations.Nullable;

/// The law of resuming: to run to the end is to run to any safe point, save, load into new objects, and run on.
///
/// ```java
/// ResumeCheck.everyCut(() -> {
///     var rocket = new Rocket();
///     return new Scenario<>(new Countdown(), rocket, rocket);
/// });
/// ```
public final class ResumeCheck {
    private ResumeCheck() {}

    /// Cuts the run at every safe point and compares all that follows with the undisturbed run: the state at each
    /// later safe point, the output, and the state at the end, bit for bit.
    ///
    /// @param fresh makes new objects, equal each time
    /// @param <I> what the loop works on
    /// @param <O> what the loop returns
    /// @return the number of safe points at which the run was cut
    /// @throws AssertionError at the first difference, naming the cut, the place and both values; also if two
    ///     undisturbed runs differ already
    public static <I, O extends @Nullable Object> int everyCut(Supplier<Scenario<I, O>> fresh) {
        return cuts(Integer.MAX_VALUE, fresh);
    }

    /// As [#everyCut], at no more than `atMost` safe points, spread evenly and with the first and the last among them.
    ///
    /// @param <I> what the loop works on
    /// @param <O> what the loop returns
    /// @param atMost the most safe points to cut at
    /// @param fresh makes new objects, equal each time
    /// @return the number of safe points at which the run was cut
    /// @throws IllegalArgumentException if `atMost` is less than 2
    /// @throws AssertionError at the first difference
    public static <I, O extends @Nullable Object> int cuts(
            int atMost, Supplier<Scenario<I, O>> fresh) {
        if (atMost < 2) {
            throw new IllegalArgumentException(
                    "ResumeCheck: atMost is " + atMost + "; use a number from 2");
        }
        var undisturbed = Recorded.run(fresh.get());
        Recorded.run(fresh.get()).requireSameRun(undisturbed);
        int points = undisturbed.cuts().size();
        int cuts = Math.min(atMost, points);
        for (int i = 0; i < cuts; i++) {
            int at = cuts == 1 ? 0 : (int) ((long) i * (points - 1) / (cuts - 1));
            resume(fresh.get(), undisturbed, at);
        }
        return cuts;
    }

    private static <I, O extends @Nullable Object> void resume(
            Scenario<I, O> scenario, Recorded undisturbed, int at) {
        var cut = undisturbed.cuts().get(at);
        String where = "ResumeCheck: resumed at safe point " + at + " ('" + cut.path() + "')";
        try {
            scenario.loop().loadStateDict(cut.tree());
            scenario.world().loadStateDict(cut.world());
            requireLoaded(scenario, cut, where);
            int[] next = {at + 1};
            Object output =
                    scenario.loop()
                            .run(
                                    scenario.input(),
                                    point ->
                                            compare(
                                                    scenario,
                                                    undisturbed,
                                                    where,
                                                    point,
                                                    next[0]++));
            if (next[0] != undisturbed.cuts().size()) {
                throw new AssertionError(
                        "%s: came to %s safe points, undisturbed %s"
                                .formatted(where, next[0], undisturbed.cuts().size()));
            }
            undisturbed.requireSameEnd(
                    where, output, scenario.loop().stateDict(), scenario.world().stateDict());
        } catch (RuntimeException e) {
            throw Recorded.threw(where, e);
        }
    }

    private static void requireLoaded(Scenario<?, ?> scenario, Recorded.Cut cut, String where) {
        Recorded.requireSame(
                where + ", just loaded",
                cut.tree(),
                scenario.loop().stateDict(),
                cut.world(),
                scenario.world().stateDict());
    }

    private static void compare(
            Scenario<?, ?> scenario,
            Recorded undisturbed,
            String where,
            SafePoint point,
            int number) {
        if (number >= undisturbed.cuts().size()) {
            throw new AssertionError(
                    "%s: came to safe point %s, undisturbed only to %s"
                            .formatted(where, number, undisturbed.cuts().size()));
        }
        var wanted = undisturbed.cuts().get(number);
        LoopState.Fields world = scenario.world().stateDict();
        Recorded.requireSame(
                where + ", at safe point " + number + " ('" + wanted.path() + "')",
                wanted.tree(),
                point.state(),
                wanted.world(),
                world);
    }
}
