package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SlotTest {
    private final List<String> log = new ArrayList<>();
    private final Steps.Outer outer = new Steps.Outer("outer", 1, new Steps("inner", 1));

    // ---- get

    @Test
    void aSlotGivesTheLoopThatStandsThere() {
        assertEquals("child", outer.child.name());
        assertEquals("child", outer.child.path());
        assertEquals("child: Steps", outer.child.toString());
        assertEquals(List.of(outer.child), outer.slots());
        assertSame(outer.child.get(), outer.child.get(Steps.class));
    }

    @Test
    void anotherTypeThanAskedForIsNamed() {
        var error =
                assertThrows(IllegalStateException.class, () -> outer.child.get(Steps.Outer.class));

        assertEquals(
                "Slot 'child': holds a loops.api.Steps, asked for a loops.api.Steps$Outer; use get(), or the type that you put there",
                error.getMessage());
    }

    // ---- connect

    @Test
    void connectInstallsTheLoopAsItIs() {
        var old = outer.child.get();
        var next = new Steps("next", 1);
        next.count.set(5);

        outer.child.connect(next);

        assertSame(next, outer.child.get());
        assertEquals("child", next.path());
        assertEquals("", old.path());
        assertEquals(5, next.count.get());
    }

    @Test
    @SuppressWarnings("NullAway") // as a caller without null checks would
    void noLoopAtAllIsRefused() {
        var connected = assertThrows(NullPointerException.class, () -> outer.child.connect(null));
        var replaced =
                assertThrows(NullPointerException.class, () -> outer.child.replace(old -> null));

        assertEquals("Slot 'child': connect was given no loop", connected.getMessage());
        assertEquals("Slot 'child': replace made no loop", replaced.getMessage());
        var declared =
                assertThrows(NullPointerException.class, () -> new Steps.Outer("x", 1, null));
        var root = assertThrows(NullPointerException.class, () -> Slot.root("fit_loop", null));

        assertEquals("child", outer.child.get().path());
        assertEquals("Slot 'Outer.child': was given no loop", declared.getMessage());
        assertEquals("Slot 'fit_loop': was given no loop", root.getMessage());
    }

    @Test
    void bothPlacesAreNamedFromTheTop() {
        var leaf = new Steps("leaf", 1);
        var middle = new Steps.Outer("middle", 1, leaf);
        new Steps.Outer("top", 1, middle);

        var inOneTree = assertThrows(IllegalArgumentException.class, () -> new Bare(b -> twice(b)));
        var inTwo = assertThrows(IllegalArgumentException.class, () -> outer.child.connect(leaf));

        assertEquals(
                "Slot 'Bare.right': the loop is already connected to slot 'Bare.left'; loops form a tree, so take() it there first",
                inOneTree.getMessage());
        assertEquals(
                "Slot 'Outer.child': the loop is already connected to slot 'Outer.child.child'; loops form a tree, so take() it there first",
                inTwo.getMessage());
    }

    private static void twice(Bare loop) {
        var child = new Steps("child", 1);
        loop.slot("left", child);
        loop.slot("right", child);
    }

    @Test
    void connectingTheSameLoopChangesNothing() {
        var same = outer.child.get();

        outer.child.connect(same);

        assertSame(same, outer.child.get());
        assertEquals("child", same.path());
    }

    @Test
    void aLoopStandsInOneSlot() {
        var other = new Steps.Outer("other", 1, new Steps("taken", 1));
        Slot.root("fit_loop", other);
        var taken = other.child.get();

        var connected =
                assertThrows(IllegalArgumentException.class, () -> outer.child.connect(taken));
        var declared =
                assertThrows(IllegalArgumentException.class, () -> new Steps.Outer("x", 1, taken));
        var replaced =
                assertThrows(
                        IllegalArgumentException.class, () -> outer.child.replace(old -> taken));

        assertEquals(
                "Slot 'Outer.child': the loop is already connected to slot 'fit_loop.child'; loops form a tree, so take() it there first",
                connected.getMessage());
        assertEquals(connected.getMessage(), declared.getMessage());
        assertEquals(connected.getMessage(), replaced.getMessage());
        assertSame(taken, other.child.get());
    }

    @Test
    void aLoopCannotStandBelowItself() {
        var leafOwner = new Steps.Outer("leaf owner", 1, new Steps("leaf", 1));
        var top = new Steps.Outer("top", 1, leafOwner);

        var error =
                assertThrows(IllegalArgumentException.class, () -> leafOwner.child.connect(top));

        assertEquals(
                "Slot 'Outer.child.child': the loop contains this slot; loops form a tree",
                error.getMessage());
    }

    @Test
    void aLoopCannotDeclareItselfAsItsChild() {
        var error = assertThrows(IllegalArgumentException.class, OwnChild::new);

        assertEquals(
                "Slot 'OwnChild.self': the loop contains this slot; loops form a tree",
                error.getMessage());
    }

    // ---- take

    @Test
    void aLoopThatIsTakenOutLeavesTheSlotEmpty() {
        var inner = outer.child.get();

        assertSame(inner, outer.child.take());

        assertEquals("", inner.path());
        assertEquals("child: empty", outer.child.toString());
        assertEquals("Outer\n  child: empty\n", outer.tree());
        assertEquals("{count=0}", outer.values().toString());
        for (Runnable use :
                List.<Runnable>of(
                        outer.child::get,
                        () -> outer.child.get(Steps.class),
                        outer.child::take,
                        outer.child::outputCodec,
                        outer::stateDict,
                        outer::explain,
                        () -> outer.child.replace(old -> old),
                        () -> outer.child.run(log),
                        () -> outer.run(log))) {
            assertEquals(
                    "Slot 'Outer.child': is empty, its loop was taken out; connect another one",
                    message(use));
        }
    }

    @Test
    void aNewLoopIsStitchedWithTheChildrenOfTheOldOneAndTheirState() {
        var leaf = new Steps("leaf", 1);
        var epoch = new Steps.Outer("epoch", 1, leaf);
        var fit = new Steps.Outer("fit", 1, epoch);
        Slot.root("fit_loop", fit);
        epoch.count.set(3);
        leaf.count.set(4);

        var mine = new Steps.Outer("mine", 1, new Steps("spare", 1));
        mine.child.connect(epoch.child.take());
        fit.child.connect(mine);

        assertSame(leaf, mine.child.get());
        assertEquals("fit_loop.child.child", leaf.path());
        assertEquals("{count=0, child={count=0, child={count=4}}}", fit.stateDict().toString());
        fit.run(log);
        assertEquals(
                List.of("leaf.advance", "mine.advance", "fit.advance"),
                log.stream().filter(line -> line.endsWith("advance")).toList());
    }

    @Test
    void aReplaceThatTakesAChildOutKeepsIt() {
        var leaf = new Steps("leaf", 1);
        var fit = new Steps.Outer("fit", 1, new Steps.Outer("epoch", 1, leaf));
        leaf.count.set(4);

        fit.child.replace(
                Steps.Outer.class,
                old -> {
                    var mine = new Steps.Outer("mine", 1, new Steps("spare", 1));
                    mine.child.connect(old.child.take());
                    return mine;
                });

        assertSame(leaf, fit.child.get(Steps.Outer.class).child.get());
        assertEquals("{count=0, child={count=0, child={count=4}}}", fit.stateDict().toString());
    }

    @Test
    void aNewLoopWithAnEmptySlotIsGivenTheChild() {
        var leaf = new Steps("leaf", 1);
        var fit = new Steps.Outer("fit", 1, new Steps.Outer("epoch", 1, leaf));

        fit.child.replace(old -> {
            var mine = new Steps.Outer("mine", 1, new Steps("spare", 1));
            mine.child.take();
            return mine;
        });

        assertSame(leaf, fit.child.get(Steps.Outer.class).child.get());
        assertEquals("child.child", leaf.path());
    }

    @Test
    void aLoopAroundAnotherIsTakenAway() {
        var inner = outer.child.get();
        outer.child.replace(old -> new Steps.Outer("around", 1, old));

        outer.child.connect(outer.child.get(Steps.Outer.class).child.take());

        assertSame(inner, outer.child.get());
        assertEquals("child", inner.path());
    }

    @Test
    void aLoopThatWasInterruptedIsTakenOutWithThePointWhereItStands() {
        var state = Cuts.at(2, new Steps.Outer("outer", 1, new Steps("inner", 2)), log);
        var loaded = new Steps.Outer("outer", 1, new Steps("inner", 2));
        loaded.loadStateDict(state);
        log.clear();

        var mine = new Steps.Outer("mine", 1, new Steps("spare", 1));
        mine.child.connect(loaded.child.take());
        mine.run(log);

        assertEquals(
                List.of("mine.reset", "mine.onRunStart", "mine.onAdvanceStart", "inner.onResume"),
                log.subList(0, 4));
        assertEquals(1, log.stream().filter("inner.advance"::equals).count());
    }

    @Test
    void aRunThatThrowsForgetsWhatWasInterruptedBelowAroundEmptySlots() {
        var middle = new Steps.Outer("middle", 1, new Steps("leaf", 1));
        var top =
                new Steps.Outer("top", 1, middle) {
                    @Override
                    protected void onRunStart(List<String> in) {
                        middle.child.take();
                        throw new UnsupportedOperationException("no");
                    }
                };

        assertThrows(UnsupportedOperationException.class, () -> top.run(log));

        assertEquals("child.child: empty", middle.child.toString());
    }

    // ---- replace

    @Test
    void replaceHandsOverTheChildrenAndPartsOfTheOldLoop() {
        var middle = new Steps.Outer("middle", 1, new Steps("leaf", 1));
        var top = new Steps.Outer("top", 1, middle);
        middle.count.set(7);
        var leaf = middle.child.get();

        top.child.replace(old -> new Steps.Outer("new", 1, new Steps("new leaf", 1)));

        var made = top.child.get(Steps.Outer.class);
        assertEquals(7, made.count.get());
        assertSame(leaf, made.child.get());
        assertEquals("child.child", leaf.path());
        assertEquals("child", middle.child.get().path());
        assertEquals("", middle.path());
    }

    @Test
    void replaceHandsOverWhatBothDeclareAndLeavesTheRest() {
        outer.child.get(Steps.class).count.set(3);

        outer.child.replace(old ->
                new Steps("new", 1) {
                    final Cell<Integer> own = cell("own", 11);

                    @Override
                    void say(List<String> in, String what) {
                        in.add(what + own.get());
                    }
                });

        outer.child.run(log);
        assertEquals("reset11", log.getFirst());
    }

    @Test
    void replaceMayAskForAType() {
        outer.child.replace(Steps.class, old -> new Steps("new", old.count.get()));

        assertEquals("new ended", outer.child.run(log));
        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> outer.child.replace(Steps.Outer.class, old -> old));
        assertEquals(
                "Slot 'child': holds a loops.api.Steps, asked for a loops.api.Steps$Outer; use get(), or the type that you put there",
                error.getMessage());
    }

    @Test
    void replaceByALoopAroundTheOldOneHandsNothingOver() {
        var inner = outer.child.get(Steps.class);
        inner.count.set(4);

        outer.child.replace(old -> new Steps.Outer("around", 1, old));

        var around = outer.child.get(Steps.Outer.class);
        assertSame(inner, around.child.get());
        assertEquals("child.child", inner.path());
        assertEquals(4, inner.count.get());
        assertEquals(0, around.count.get());
    }

    @Test
    void replaceByTheSameLoopChangesNothing() {
        var same = outer.child.get();

        outer.child.replace(old -> old);

        assertSame(same, outer.child.get());
        assertEquals("child", same.path());
    }

    @Test
    void aReplaceThatThrowsChangesNothing() {
        var same = outer.child.get();

        assertThrows(
                UnsupportedOperationException.class,
                () ->
                        outer.child.replace(old -> {
                            throw new UnsupportedOperationException("no");
                        }));

        assertSame(same, outer.child.get());
        assertEquals("child", same.path());
    }

    @Test
    void aPartOfAnotherKindIsRefusedAndNothingChanges() {
        outer.child.get(Steps.class).count.set(3);

        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> outer.child.replace(old -> new Bare(b -> b.progress("count"))));

        assertEquals(
                "replace: 'count' is a Cell in the old loop and a Progress in the new one",
                error.getMessage());
        assertEquals(3, outer.child.get(Steps.class).count.get());
        assertEquals("child", outer.child.get().path());
        for (Consumer<Bare> kind :
                List.<Consumer<Bare>>of(
                        b -> b.held("count"),
                        b -> b.derived("count"),
                        b -> b.slot("count", new Steps("x", 1)))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> outer.child.replace(old -> new Bare(kind)));
        }
        outer.child.connect(new Bare(b -> b.progress("count")));
        assertThrows(
                IllegalArgumentException.class,
                () -> outer.child.replace(old -> new Steps("x", 1)));
    }

    @Test
    void aLongCellAndACellOfWholeNumbersTakeOverFromEachOther() {
        outer.child.get(Steps.class).count.set(3);
        var counts = new ArrayList<LongCell>();

        outer.child.replace(old -> new Bare(b -> counts.add(b.longCell("count", 0))));
        assertEquals(3, counts.getFirst().get());

        counts.getFirst().increment();
        outer.child.replace(old -> new Steps("new", 9));
        assertEquals(4, outer.child.get(Steps.class).count.get());

        outer.child.connect(new Bare(b -> b.progress("count")));
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> outer.child.replace(old -> new Bare(b -> b.longCell("count", 0))));
        assertEquals(
                "replace: 'count' is a Progress in the old loop and a LongCell in the new one",
                error.getMessage());
    }

    @Test
    void aListCellAndACellOfAListTakeOverFromEachOther() {
        var lists = new ArrayList<ListCell<Long>>();
        var cells = new ArrayList<Cell<List<Long>>>();
        outer.child.connect(new Bare(b -> lists.add(b.listCell("seen", Codec.LONG))));
        lists.getFirst().add(3L);

        outer.child.replace(old ->
                new Bare(b -> cells.add(b.cell("seen", Codec.listOf(Codec.LONG), List.of()))));
        assertEquals(List.of(3L), cells.getFirst().get());

        outer.child.replace(old -> new Bare(b -> lists.add(b.listCell("seen", Codec.LONG))));
        assertEquals(List.of(3L), lists.get(1).all());

        outer.child.replace(old -> new Bare(b -> b.scratch("table", new Object())));
        outer.child.replace(old -> new Bare(b -> b.scratch("table", new Object())));
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                outer.child.replace(
                                        old -> new Bare(b -> b.listCell("table", Codec.LONG))));
        assertEquals(
                "replace: 'table' is a Scratch in the old loop and a ListCell in the new one",
                error.getMessage());
    }

    @Test
    void aReplacedProgressKeepsWhatTheNewOneCounts() {
        var counted = new ArrayList<Progress>();
        outer.child.connect(new Bare(b -> counted.add(b.progress("work"))));
        counted.getFirst().increment(Stage.READY);
        counted.getFirst().increment(Stage.STARTED);

        outer.child.replace(
                old -> new Bare(b -> counted.add(b.progress("work", Progress.READY_COMPLETED))));

        assertEquals(new Counts(1, 0, 0, 0), counted.getLast().total());
    }

    // ---- while a run lasts

    @Test
    void aSlotIsFixedWhileItsOwnerRuns() {
        var running =
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    @Override
                    protected void advance(List<String> in) {
                        in.add(message(() -> child.connect(new Steps("x", 1))));
                        in.add(message(() -> child.replace(old -> new Steps("x", 1))));
                        in.add(message(child::take));
                        count.set(1);
                    }
                };

        running.run(log);

        assertEquals(
                "Slot 'child': connect while the tree is running; do it between two runs",
                log.get(3));
        assertEquals(
                "Slot 'child': replace while the tree is running; do it between two runs",
                log.get(4));
        assertEquals(
                "Slot 'child': take while the tree is running; do it between two runs", log.get(5));
    }

    @Test
    void aSlotIsFixedWhileItsLoopRunsAlone() {
        var inner =
                new Steps("inner", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        in.add(message(() -> outer.child.connect(new Steps("x", 1))));
                        count.set(1);
                    }
                };
        outer.child.connect(inner);

        inner.run(log);

        assertEquals(
                "Slot 'child': connect while the tree is running; do it between two runs",
                log.get(3));
    }

    private static String message(Runnable refused) {
        return String.valueOf(assertThrows(IllegalStateException.class, refused::run).getMessage());
    }

    /// A loop with the parts that a test wants.
    private static final class Bare extends Loop<List<String>, String> {
        Bare(Consumer<Bare> declare) {
            declare.accept(this);
        }

        @Override
        protected boolean done(List<String> in) {
            return true;
        }

        @Override
        protected void advance(List<String> in) {}
    }

    private static final class OwnChild extends Loop<String, Void> {
        @SuppressWarnings("this-escape") // what is to be refused
        OwnChild() {
            slot("self", this);
        }

        @Override
        protected boolean done(String in) {
            return true;
        }

        @Override
        protected void advance(String in) {}
    }
}
