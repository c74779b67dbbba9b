package loops.api.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import loops.api.LoopState.Fields;
import loops.api.LoopTrace;
import loops.api.SafePoint;
import org.jspecify.annotations.Nullable;

/// An undisturbed run: its state at every safe point, and how it ended.
///
/// @param cuts the safe points in their order
/// @param output what the run returned
/// @param tree the state of the tree at the end
/// @param world the state of everything else at the end
record Recorded(List<Cut> cuts, @Nullable Object output, Fields tree, Fields world) {

    /// One safe point.
    ///
    /// @param path the loop that stands between two steps; `root` if it has no path
    /// @param tree the state of the tree
    /// @param world the state of everything else
    record Cut(String path, Fields tree, Fields world) {
        static Cut at(SafePoint point, Scenario<?, ?> scenario) {
            String path = point.path();
            return new Cut(
                    path.isEmpty() ? "root" : path, point.state(), scenario.world().stateDict());
        }
    }

    /// Runs a fresh scenario to its end.
    static <I, O extends @Nullable Object> Recorded run(Scenario<I, O> scenario) {
        var cuts = new ArrayList<Cut>();
        Object output =
                scenario.loop().run(scenario.input(), point -> cuts.add(Cut.at(point, scenario)));
        return new Recorded(
                cuts, output, scenario.loop().stateDict(), scenario.world().stateDict());
    }

    /// Requires what every check rests on: equal objects run equally.
    void requireSameRun(Recorded other) {
        String where = "the objects are not made equal each time: in a second undisturbed run";
        for (int i = 0; i < Math.min(cuts.size(), other.cuts.size()); i++) {
            var mine = cuts.get(i);
            var cut = other.cuts.get(i);
            requireSame(
                    where + ", at safe point " + i + " ('" + cut.path + "')",
                    cut.tree,
                    mine.tree,
                    cut.world,
                    mine.world);
        }
        other.requireSameEnd(where, output, tree, world);
    }

    void requireSameEnd(
            String where, @Nullable Object otherOutput, Fields otherTree, Fields otherWorld) {
        if (!Objects.equals(output, otherOutput)) {
            throw new AssertionError(
                    where + ": output differs: undisturbed " + output + ", here " + otherOutput);
        }
        requireSame(where + ", at the end", tree, otherTree, world, otherWorld);
    }

    /// {@return the failure of a check because the run threw}
    static AssertionError threw(String where, RuntimeException thrown) {
        String place = LoopTrace.of(thrown).map(trace -> ", " + trace.getMessage()).orElse("");
        return new AssertionError(where + ": threw " + thrown + place, thrown);
    }

    static void requireSame(
            String where, Fields tree, Fields otherTree, Fields world, Fields otherWorld) {
        Difference.between("world", world, otherWorld)
                .or(() -> Difference.between("loops", tree, otherTree))
                .ifPresent(difference -> {
                    throw new AssertionError(where + ": " + difference);
                });
    }
}
