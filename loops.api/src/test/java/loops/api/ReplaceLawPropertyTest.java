package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.RandomTrees.Planted;
import loops.api.testkit.PassThrough;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/// Putting an equal loop in the place of another changes nothing: before a run, and in the middle of one.
class ReplaceLawPropertyTest {
    private static long slots;

    @Provide
    Arbitrary<Planted> trees() {
        return RandomTrees.planted(10);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(@ForAll("trees") Planted planted) {
        slots += ReplaceCheck.everySlot(planted.scenarios());
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aTreeWithAPassThroughCanBeCutAnywhere(@ForAll("trees") Planted planted, @ForAll long at) {
        ResumeCheck.cuts(
                8,
                () -> {
                    var scenario = planted.scenarios().get();
                    wrap(slotAt(scenario.loop(), at));
                    return scenario;
                });
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughPutIntoAnInterruptedRunChangesNothing(
            @ForAll("trees") Planted planted, @ForAll long at, @ForAll long cut) {
        var undisturbed = Undisturbed.of(planted);
        var scenario = undisturbed.interruptedAt(cut);

        wrap(slotAt(scenario.loop(), at));
        Object output = scenario.loop().run(scenario.input());

        assertEquals(undisturbed.output, output);
        assertEquals(undisturbed.world, scenario.world().stateDict());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void anEqualLoopPutIntoAnInterruptedRunChangesNothing(
            @ForAll("trees") Planted planted, @ForAll long at, @ForAll long cut) {
        var undisturbed = Undisturbed.of(planted);
        var scenario = undisturbed.interruptedAt(cut);
        var loaded = scenario.loop().stateDict();

        replaceByTwin(slotAt(scenario.loop(), at));

        assertEquals(loaded, scenario.loop().stateDict());
        assertEquals(undisturbed.output, scenario.loop().run(scenario.input()));
        assertEquals(undisturbed.world, scenario.world().stateDict());
        assertEquals(undisturbed.tree, scenario.loop().stateDict());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void anEqualLoopStitchedWithTheChildrenOfTheOldOneChangesNothing(
            @ForAll("trees") Planted planted, @ForAll long at) {
        var undisturbed = Undisturbed.of(planted);
        var scenario = planted.scenarios().get();

        stitch(slotAt(scenario.loop(), at));

        assertEquals(undisturbed.output, scenario.loop().run(scenario.input()));
        assertEquals(undisturbed.world, scenario.world().stateDict());
        assertEquals(undisturbed.tree, scenario.loop().stateDict());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aStitchedLoopHasItsOwnPartsAndTheChildrenWithTheirState(
            @ForAll("trees") Planted planted, @ForAll long at) {
        var scenario = planted.scenarios().get();
        var slot = slotAt(scenario.loop(), at);
        var fresh = slot.get().values();
        scenario.loop().run(scenario.input());
        var ran = slot.get().values();

        stitch(slot);

        var expected = new LinkedHashMap<>(fresh.entries());
        slot.get().slots().forEach(child -> expected.put(child.name(), ran.get(child.name())));
        assertEquals(new Fields(expected), slot.get().values());
    }

    @AfterContainer
    static void theTreesHadSlots() {
        assertTrue(slots > 600, () -> "only " + slots + " slots");
    }

    private static Slot<?, ?> slotAt(Loop<?, ?> root, long at) {
        var all = new ArrayList<Slot<?, ?>>();
        collect(root, all);
        return all.get((int) Math.floorMod(at, (long) all.size()));
    }

    private static void collect(Loop<?, ?> loop, List<Slot<?, ?>> all) {
        for (Slot<?, ?> slot : loop.slots()) {
            all.add(slot);
            collect(slot.get(), all);
        }
    }

    private static <I, O> void wrap(Slot<I, O> slot) {
        slot.replace(PassThrough::new);
    }

    @SuppressWarnings("unchecked") // all loops of a random tree are of one type
    private static void replaceByTwin(Slot<?, ?> slot) {
        ((Slot<SpecLoop.Visit, Long>) slot).replace(SpecLoop.class, SpecLoop::twin);
    }

    @SuppressWarnings("unchecked") // all loops of a random tree are of one type
    private static void stitch(Slot<?, ?> slot) {
        var place = (Slot<SpecLoop.Visit, Long>) slot;
        var old = place.get(SpecLoop.class);
        var made = old.twin();
        for (int i = 0; i < made.slots().size(); i++) {
            ((Slot<SpecLoop.Visit, Long>) made.slots().get(i))
                    .connect(((Slot<SpecLoop.Visit, Long>) old.slots().get(i)).take());
        }
        place.connect(made);
    }

    private record Cut(Fields tree, Fields world) {}

    private record Undisturbed(
            Planted planted, List<Cut> cuts, Long output, Fields tree, Fields world) {
        static Undisturbed of(Planted planted) {
            var scenario = planted.scenarios().get();
            var cuts = new ArrayList<Cut>();
            Long output =
                    scenario.loop()
                            .run(
                                    scenario.input(),
                                    point ->
                                            cuts.add(
                                                    new Cut(
                                                            point.state(),
                                                            scenario.world().stateDict())));
            return new Undisturbed(
                    planted,
                    cuts,
                    output,
                    scenario.loop().stateDict(),
                    scenario.world().stateDict());
        }

        Scenario<SpecLoop.Visit, Long> interruptedAt(long at) {
            var scenario = planted.scenarios().get();
            if (!cuts.isEmpty()) {
                var cut = cuts.get((int) Math.floorMod(at, (long) cuts.size()));
                scenario.loop().loadStateDict(cut.tree);
                scenario.world().loadStateDict(cut.world);
            }
            return scenario;
        }
    }
}
