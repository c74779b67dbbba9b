package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Text;
import loops.api.RandomTrees.Planted;
import loops.api.testkit.ResumeCheck;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/// To run to the end is to run to any safe point, save, load into a new tree, and run on.
class ResumeLawPropertyTest {
    private static final TreeSet<String> CUT_IN = new TreeSet<>();
    private static long cuts;

    @Provide
    Arbitrary<Planted> trees() {
        return RandomTrees.planted(10);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void aRunCutAnywhereGoesOnAsIfUndisturbed(@ForAll("trees") Planted planted) {
        cuts += ResumeCheck.everyCut(planted.scenarios());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aRunCutAtEverySafePointInTurnIsTheUndisturbedRun(@ForAll("trees") Planted planted) {
        var undisturbed = record(planted);

        var tree = new SpecLoop(planted.tree());
        var world = planted.world();
        for (int cut = 0; cut < undisturbed.points.size(); cut++) {
            var here = world;
            var stop = new Abandon();
            var root = tree;
            assertEquals(
                    stop,
                    assertThrows(
                            Abandon.class,
                            () ->
                                    root.run(
                                            planted.visit(here),
                                            point -> {
                                                stop.take(point, here);
                                                throw stop;
                                            })));
            assertEquals(undisturbed.points.get(cut), stop.taken);
            tree = new SpecLoop(planted.tree());
            world = planted.world();
            tree.loadStateDict(stop.taken.tree);
            world.loadStateDict(stop.taken.world);
        }
        Long output = tree.run(planted.visit(world));

        assertEquals(undisturbed.output, output);
        assertEquals(undisturbed.end, new Taken(tree.stateDict(), world.stateDict()));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aRunThatThrewGoesOnFromItsLastSafePoint(
            @ForAll("trees") Planted planted, @ForAll long at) {
        var undisturbed = record(planted);
        var tree = new SpecLoop(planted.tree());
        var world = planted.world();
        var fresh = new Taken(tree.stateDict(), world.stateDict());
        world.explodeAt(Math.floorMod(at, undisturbed.events));
        var last = new Abandon();
        last.taken = fresh;

        assertThrows(
                World.Bomb.class,
                () -> tree.run(planted.visit(world), point -> last.take(point, world)));
        assertThrows(IllegalStateException.class, tree::stateDict);

        // The same objects go on from the last safe point, and then once more from scratch.
        for (var from : List.of(last.taken, fresh)) {
            var anew = planted.world();
            anew.loadStateDict(from.world);
            tree.loadStateDict(from.tree);
            assertEquals(undisturbed.output, tree.run(planted.visit(anew)));
            assertEquals(undisturbed.end, new Taken(tree.stateDict(), anew.stateDict()));
        }
    }

    /// A law over runs that are never cut in some phase would say nothing about it.
    @AfterContainer
    static void theTreesWereCutInEveryPhase() {
        assertTrue(cuts > 400, () -> "only " + cuts + " cuts");
        assertEquals(
                "[advance, done, ended, onAdvanceEnd, onAdvanceStart, onRunEnd, onRunStart]",
                CUT_IN.toString());
    }

    private static Undisturbed record(Planted planted) {
        var tree = new SpecLoop(planted.tree());
        var world = planted.world();
        var points = new ArrayList<Taken>();
        Long output =
                tree.run(
                        planted.visit(world),
                        point -> points.add(new Taken(point.state(), world.stateDict())));
        points.forEach(point -> point.tree.leaves().forEach(ResumeLawPropertyTest::notePhase));
        return new Undisturbed(
                points, output, new Taken(tree.stateDict(), world.stateDict()), world.events());
    }

    private static void notePhase(String path, LoopState leaf) {
        if (path.endsWith("run.phase") && leaf instanceof Text(String phase)) {
            CUT_IN.add(phase);
        }
    }

    private record Taken(Fields tree, Fields world) {}

    private record Undisturbed(List<Taken> points, @Nullable Long output, Taken end, long events) {}

    /// Leaves a run at a safe point.
    private static final class Abandon extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private transient Taken taken = new Taken(Fields.empty(), Fields.empty());

        Abandon() {
            super("abandoned");
        }

        void take(SafePoint point, World world) {
            taken = new Taken(point.state(), world.stateDict());
        }
    }
}
