package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a loop declares: progress, cells, held and derived objects.
class PartsTest {
    private final Parted loop = new Parted();

    // ---- progress

    @Test
    void aProgressCountsStagesInTotalAndInTheRun() {
        loop.progress.increment(Stage.READY);
        loop.progress.increment(Stage.STARTED);
        loop.progress.resetCurrent();
        loop.progress.increment(Stage.READY);

        assertEquals(new Counts(1, 0, 0, 0), loop.progress.current());
        assertEquals(new Counts(2, 1, 0, 0), loop.progress.total());
        assertEquals(
                "batch_progress current Counts[ready=1, started=0, processed=0, completed=0],"
                        + " total Counts[ready=2, started=1, processed=0, completed=0]",
                loop.progress.toString());
    }

    @Test
    void aProgressStartsAgainAtZero() {
        loop.progress.set(new Counts(9, 8, 7, 6), new Counts(4, 3, 2, 1));
        assertEquals(new Counts(9, 8, 7, 6), loop.progress.total());
        assertEquals(new Counts(4, 3, 2, 1), loop.progress.current());

        loop.progress.reset();

        assertEquals(Counts.ZERO, loop.progress.total());
        assertEquals(Counts.ZERO, loop.progress.current());
    }

    @Test
    void countsThatBeginAgainStandAtWhatWasCompleted() {
        assertEquals(new Counts(2, 2, 2, 2), new Counts(4, 4, 3, 2).restarted());

        var shorter = loop.declared(l -> l.progress("short", Progress.READY_STARTED_COMPLETED));
        shorter.set(new Counts(5, 5, 0, 5), new Counts(3, 3, 0, 2));
        shorter.set(shorter.total(), shorter.current().restarted());

        assertEquals(new Counts(2, 2, 0, 2), shorter.current());
    }

    @Test
    void aProgressCountsOnlyItsStages() {
        var shorter = loop.declared(l -> l.progress("short", Progress.READY_COMPLETED));

        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> shorter.increment(Stage.STARTED));
        shorter.set(new Counts(4, 3, 2, 1), Counts.ZERO);

        assertEquals(
                "Progress 'Parted.short': does not count started, only [ready, completed]; count one of these, or declare the progress with that stage",
                error.getMessage());
        assertEquals(new Counts(4, 0, 0, 1), shorter.total());
    }

    @Test
    void aProgressOfNoStageIsRefused() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> loop.progress("none", Set.of()));

        assertEquals("Progress 'none': counts no stage; name at least one", error.getMessage());
    }

    // ---- cells

    @Test
    void aCellHoldsAValue() {
        assertEquals(1, loop.number.get());
        loop.number.set(2);

        assertEquals(2, loop.number.get());
        assertEquals("Parted.number = 2", loop.number.toString());
    }

    @Test
    void aCellOfEachKindIsSaved() {
        var loop = new Cells();
        var other = new Cells();
        loop.big.set(Long.MIN_VALUE);
        loop.real.set(-0.0);
        loop.flag.set(true);
        loop.text.set("ü\n\"");
        loop.list.set(List.of(3, 1));

        other.loadStateDict(loop.stateDict());

        assertEquals(Long.MIN_VALUE, other.big.get());
        assertEquals(-0.0, other.real.get());
        assertTrue(other.flag.get());
        assertEquals("ü\n\"", other.text.get());
        assertEquals(List.of(3, 1), other.list.get());
        assertEquals(loop.stateDict(), other.stateDict());
    }

    @Test
    void aLongCellHoldsANumberWithoutABox() {
        var batches = loop.declared(l -> l.longCell("batches", 1L << 40));
        batches.increment();
        var state = loop.stateDict();
        assertEquals((1L << 40) + 1, batches.get());
        assertEquals("Parted.batches = 1099511627777", batches.toString());

        batches.set(2);
        assertEquals(2, batches.get());

        loop.loadStateDict(state);
        assertEquals((1L << 40) + 1, batches.get());
        assertEquals((1L << 40) + 1, loop.stateDict().num("batches"));
    }

    @Test
    void aListCellGrowsAndIsSaved() {
        var losses = loop.declared(l -> l.listCell("losses", Codec.DOUBLE));
        losses.add(0.5);
        losses.add(-0.0);
        var before = losses.all();
        var state = loop.stateDict();
        losses.add(3.0);

        assertEquals(3, losses.size());
        assertEquals(3.0, losses.get(2));
        assertEquals(List.of(0.5, -0.0), before);
        assertEquals("Parted.losses = [0.5, -0.0, 3.0]", losses.toString());

        losses.clear();
        assertEquals(List.of(), losses.all());

        loop.loadStateDict(state);
        assertEquals(List.of(0.5, -0.0), losses.all());
    }

    @Test
    void aScratchObjectIsTheSameInEveryRunAndHasNoState() {
        var before = loop.stateDict();
        var table = loop.declared(l -> l.scratch("table", new StringBuilder()));

        assertSame(table.get(), table.get());
        assertEquals(before, loop.stateDict());
    }

    @Test
    void aLongCellNeedsAWholeNumber() {
        loop.declared(l -> l.longCell("batches", 0));
        var entries = new LinkedHashMap<>(loop.stateDict().entries());
        entries.put("batches", new LoopState.Text("many"));

        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.loadStateDict(new Fields(entries)));

        assertEquals(
                "loadStateDict: 'batches' cannot be read: found \"many\", needs to be a whole number",
                error.getMessage());
    }

    // ---- held objects

    @Test
    void aHeldObjectIsMadeWhenItIsFirstWanted() {
        assertEquals(Optional.empty(), loop.fold.current());

        var made = loop.fold.get(() -> new SpecLoop.Box(1));

        assertSame(made, loop.fold.get(() -> new SpecLoop.Box(2)));
        assertEquals(Optional.of(made), loop.fold.current());
    }

    @Test
    void aHeldObjectIsMadeAnewAfterALoadAndGivenItsState() {
        loop.fold.get(() -> new SpecLoop.Box(1)).value = 5;
        var state = loop.stateDict();
        var other = new Parted();

        other.loadStateDict(state);

        assertEquals(Optional.empty(), other.fold.current());
        assertEquals(state, other.stateDict());
        assertEquals(5, other.fold.get(() -> new SpecLoop.Box(1)).value);
        assertEquals(state, other.stateDict());
    }

    @Test
    void aHeldObjectThatIsLetGoLeavesNoState() {
        loop.fold.get(() -> new SpecLoop.Box(1));

        loop.fold.clear();

        assertEquals(Optional.empty(), loop.fold.current());
        assertEquals(Fields.empty(), loop.stateDict().get("fold"));
        assertEquals(2, loop.fold.get(() -> new SpecLoop.Box(2)).value);
    }

    @Test
    void aLoadWithoutAHeldObjectLetsItGo() {
        var state = loop.stateDict();
        loop.fold.get(() -> new SpecLoop.Box(1));

        loop.loadStateDict(state);

        assertEquals(Optional.empty(), loop.fold.current());
    }

    // ---- derived objects

    @Test
    void aPartCannotBeDeclaredInARun() {
        var loop =
                new Loop<String, Void>() {
                    @Override
                    protected boolean done(String in) {
                        return false;
                    }

                    @Override
                    protected void advance(String in) {
                        cell("late", 1);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> loop.run("input"));

        assertEquals(
                "Loop: 'late' is declared while the loop is running; declare parts in field initialisers",
                error.getMessage());
    }

    @Test
    void aDerivedObjectLastsAsLongAsARun() {
        var made = new ArrayList<Closing>();
        var loop =
                new Deriving() {
                    @Override
                    protected void advance(List<Closing> in) {
                        in.add(cursor.get(Closing::new));
                        count.set(count.get() + 1);
                    }
                };

        loop.run(made);
        loop.run(made);

        assertSame(made.get(0), made.get(1));
        assertNotSame(made.get(1), made.get(2));
        assertTrue(made.get(0).closed);
        assertTrue(made.get(2).closed);
        assertFalse(loop.stateDict().has("cursor"));
    }

    @Test
    void aDerivedObjectIsClosedWhenTheRunThrows() {
        var made = new ArrayList<Closing>();
        var loop =
                new Deriving() {
                    @Override
                    protected void advance(List<Closing> in) {
                        in.add(cursor.get(Closing::new));
                        throw new UnsupportedOperationException("no");
                    }
                };

        assertThrows(UnsupportedOperationException.class, () -> loop.run(made));

        assertTrue(made.getFirst().closed);
    }

    @Test
    void aDerivedObjectThatCannotBeClosedIsAnError() {
        var loop =
                new Deriving() {
                    @Override
                    protected void advance(List<Closing> in) {
                        cursor.get(() ->
                                new Closing() {
                                    @Override
                                    public void close() {
                                        throw new UnsupportedOperationException("stuck");
                                    }
                                });
                        count.set(count.get() + 1);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> loop.run(new ArrayList<>()));

        assertEquals(
                "Deriving: 'cursor' could not be closed: java.lang.UnsupportedOperationException: stuck",
                error.getMessage());
    }

    @Test
    void whatClosingThrowsJoinsWhatTheRunThrew() {
        var loop =
                new Deriving() {
                    @Override
                    protected void advance(List<Closing> in) {
                        cursor.get(() ->
                                new Closing() {
                                    @Override
                                    public void close() {
                                        throw new UnsupportedOperationException("stuck");
                                    }
                                });
                        throw new ArithmeticException("first");
                    }
                };

        var error = assertThrows(ArithmeticException.class, () -> loop.run(new ArrayList<>()));

        assertEquals(
                "Deriving: 'cursor' could not be closed: java.lang.UnsupportedOperationException: stuck",
                error.getSuppressed()[1].getMessage());
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(strings = {"run", "version", "run.x", "version.x", "", " ", ".a", "a.", "a..b"})
    void aNameOfTheFrameworkOrNoneIsRefused(String name) {
        var error = assertThrows(IllegalArgumentException.class, () -> loop.cell(name, 0));

        assertEquals(
                "Parted: a part cannot be called '" + name + "'; take another name",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "fold", "cursor", "batch_progress.total", "number.x"})
    void aNameThatIsTakenIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> loop.cell(name, 0));
        assertThrows(IllegalArgumentException.class, () -> loop.slot(name, new Parted()));
    }

    @Test
    void bothNamesAreInTheMessage() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loop.cell("batch_progress.current.ready", 0));

        assertEquals(
                "Parted: 'batch_progress.current.ready' is declared beside 'batch_progress.current'; each part needs a key of its own",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> loop.derived("number"));
    }

    private static class Parted extends Loop<String, Void> {
        final Progress progress = progress("batch_progress");
        final Cell<Integer> number = cell("number", 1);
        final Held<SpecLoop.Box> fold = held("fold");

        Parted() {
            derived("cursor");
        }

        <P> P declared(Function<Parted, P> declare) {
            return declare.apply(this);
        }

        @Override
        protected boolean done(String input) {
            return true;
        }

        @Override
        protected void advance(String input) {}
    }

    private static final class Cells extends Loop<String, Void> {
        final Cell<Long> big = cell("of.big", 1L);
        final Cell<Double> real = cell("of.real", 1.0);
        final Cell<Boolean> flag = cell("of.flag", false);
        final Cell<String> text = cell("of.text", "");
        final Cell<List<Integer>> list = cell("of.list", Codec.listOf(Codec.INTEGER), List.of());

        @Override
        protected boolean done(String input) {
            return true;
        }

        @Override
        protected void advance(String input) {}
    }

    private static class Closing implements AutoCloseable {
        boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private abstract static class Deriving extends Loop<List<Closing>, Void> {
        final Derived<Closing> cursor = derived("cursor");
        final Cell<Integer> count = cell("count", 0);

        @Override
        protected void reset(List<Closing> in) {
            count.set(0);
        }

        @Override
        protected boolean done(List<Closing> in) {
            return count.get() == 2;
        }
    }
}
