package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.CombinedSource.Mode;

class CombinedSourceTest {
    private static final RandomKey KEY = RandomKey.of(5);

    /// A source that does not tell how many batches it has.
    record Unknown(BatchSource source) implements BatchSource {
        @Override
        public OptionalInt batchCount() {
            return OptionalInt.empty();
        }

        @Override
        public BatchCursor open(long epoch, long position) {
            return source.open(epoch, position);
        }
    }

    static DataLoader loader(int items, int batchSize) {
        return DataLoader.of(
                TensorDataset.of(Tensor.arange(items)), config -> config.batchSize(batchSize));
    }

    /// Of every batch the first element of each tensor.
    static List<List<Long>> firsts(BatchSource source, long epoch, long position) {
        List<List<Long>> batches = new ArrayList<>();
        try (BatchCursor cursor = source.open(epoch, position)) {
            while (cursor.hasNext()) {
                assertEquals(position + batches.size(), cursor.position());
                Batch batch = cursor.next();
                batches.add(
                        batch.tensors().values().stream()
                                .map(tensor -> tensor.toLongs()[0])
                                .toList());
            }
            assertThrows(NoSuchElementException.class, cursor::next);
        }
        return batches;
    }

    private static SequencedMap<String, BatchSource> named(
            String first, BatchSource one, String second, BatchSource other) {
        SequencedMap<String, BatchSource> sources = new LinkedHashMap<>();
        sources.put(first, one);
        sources.put(second, other);
        return sources;
    }

    @Test
    void theShorterSourceBeginsAgain() {
        CombinedSource source =
                CombinedSource.of(Mode.MAX_SIZE_CYCLE, List.of(loader(10, 4), loader(20, 5)));

        assertEquals(OptionalInt.of(4), source.batchCount());
        assertEquals(
                List.of(List.of(0L, 0L), List.of(4L, 5L), List.of(8L, 10L), List.of(0L, 15L)),
                firsts(source, 0, 0));
    }

    @Test
    void theShorterSourceEndsTheEpoch() {
        CombinedSource source =
                CombinedSource.of(Mode.MIN_SIZE, List.of(loader(10, 4), loader(20, 5)));

        assertEquals(OptionalInt.of(3), source.batchCount());
        assertEquals(
                List.of(List.of(0L, 0L), List.of(4L, 5L), List.of(8L, 10L)), firsts(source, 0, 0));
    }

    @Test
    void everyBatchHasAPartOfEachSource() {
        CombinedSource source =
                CombinedSource.of(
                        Mode.MIN_SIZE, named("few", loader(10, 4), "many", loader(20, 5)));

        try (BatchCursor cursor = source.open(0, 0)) {
            Batch batch = cursor.next();

            assertEquals(List.of("few", "many"), List.copyOf(batch.parts().keySet()));
            assertEquals(4, batch.part("few").size());
            assertArrayEquals(new long[] {0, 1, 2, 3, 4}, batch.part("many").input().toLongs());
            assertEquals(List.of("few.input", "many.input"), List.copyOf(batch.tensors().keySet()));
        }
    }

    @Test
    void sourcesOfUnknownLengthAreRepeatedToo() {
        record Case(int first, int second, int expected) {}
        for (Case it : List.of(new Case(4, 6, 6), new Case(5, 5, 5), new Case(6, 4, 6))) {
            CombinedSource source =
                    CombinedSource.of(
                            Mode.MAX_SIZE_CYCLE,
                            List.of(new Unknown(loader(it.first(), 1)), loader(it.second(), 1)));

            assertEquals(OptionalInt.empty(), source.batchCount());
            assertEquals(it.expected(), firsts(source, 0, 0).size());
        }
        List<Unknown> both = List.of(new Unknown(loader(10, 2)), new Unknown(loader(20, 2)));
        assertEquals(5, firsts(CombinedSource.of(Mode.MIN_SIZE, both), 0, 0).size());
        assertEquals(10, firsts(CombinedSource.of(Mode.MAX_SIZE_CYCLE, both), 0, 0).size());
    }

    @Test
    void batchesAreNestedLikeTheirSources() {
        for (Mode mode : Mode.values()) {
            CombinedSource pair = CombinedSource.of(mode, List.of(loader(64, 1), loader(16, 1)));
            CombinedSource three =
                    CombinedSource.of(mode, List.of(loader(16, 1), loader(16, 1), loader(16, 1)));
            CombinedSource all = CombinedSource.of(mode, named("a_b", pair, "c_d_e", three));

            assertEquals(OptionalInt.of(mode == Mode.MIN_SIZE ? 16 : 64), all.batchCount());
            assertEquals(all.batchCount().getAsInt(), firsts(all, 0, 0).size());
            try (BatchCursor cursor = all.open(0, 15)) {
                Batch batch = cursor.next();
                assertEquals(15, batch.part("c_d_e").part(2).input().itemLong());
                assertEquals(
                        List.of(
                                "a_b.0.input",
                                "a_b.1.input",
                                "c_d_e.0.input",
                                "c_d_e.1.input",
                                "c_d_e.2.input"),
                        List.copyOf(batch.tensors().keySet()));
            }
        }
    }

    @Test
    void aRepeatedSourceIsShuffledAnew() {
        DataLoader shuffled =
                DataLoader.of(TensorDataset.of(Tensor.arange(30)), config -> config.shuffle(KEY));
        CombinedSource source =
                CombinedSource.of(Mode.MAX_SIZE_CYCLE, List.of(shuffled, loader(60, 1)));

        List<List<Long>> first = firsts(source, 0, 0);
        List<Long> drawn = first.stream().map(List::getFirst).toList();

        assertNotEquals(drawn.subList(0, 30), drawn.subList(30, 60));
        assertEquals(
                drawn.subList(0, 30).stream().sorted().toList(),
                drawn.subList(30, 60).stream().sorted().toList());
        assertNotEquals(first, firsts(source, 1, 0));
        assertEquals(
                firsts(shuffled, 0, 0).stream().map(List::getFirst).toList(), drawn.subList(0, 30));
    }

    @Test
    void aBatchThatCouldNotBeMadeIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        Dataset<Sample> faulty =
                new Dataset<>() {
                    @Override
                    public int size() {
                        return 3;
                    }

                    @Override
                    public Sample get(int index) {
                        if (calls.incrementAndGet() % 2 == 0) {
                            throw new IllegalStateException("no such file");
                        }
                        return Sample.of(Tensor.scalar((double) index));
                    }
                };
        CombinedSource source =
                CombinedSource.of(
                        Mode.MAX_SIZE_CYCLE,
                        List.of(loader(2, 1), DataLoader.of(faulty), new Unknown(loader(4, 1))));
        List<List<Double>> batches = new ArrayList<>();
        int faults = 0;

        try (BatchCursor cursor = source.open(0, 0)) {
            while (cursor.hasNext()) {
                try {
                    batches.add(
                            cursor.next().tensors().values().stream().map(Tensor::item).toList());
                } catch (DataLoaderException e) {
                    faults++;
                }
            }
        }

        assertEquals(
                List.of(
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        List.of(0.0, 2.0, 2.0),
                        List.of(1.0, 0.0, 3.0)),
                batches);
        assertEquals(3, faults);
    }

    @Test
    void anEmptySourceEndsTheShortestEpochAndCannotBeginAgain() {
        List<DataLoader> sources = List.of(loader(0, 1), loader(2, 1));

        assertEquals(List.of(), firsts(CombinedSource.of(Mode.MIN_SIZE, sources), 0, 0));
        BatchCursor cursor = CombinedSource.of(Mode.MAX_SIZE_CYCLE, sources).open(0, 0);
        assertEquals(
                "CombinedSource: '0' has no batches in its epoch 0, so it cannot begin again; leave it"
                        + " out, or use MIN_SIZE",
                assertThrows(IllegalStateException.class, cursor::next).getMessage());
        assertFalse(
                CombinedSource.of(Mode.MAX_SIZE_CYCLE, List.of(loader(0, 1))).open(0, 0).hasNext());
    }

    @Test
    void aClosedCursorGivesNothing() {
        BatchCursor cursor = CombinedSource.of(Mode.MIN_SIZE, List.of(loader(3, 1))).open(0, 2);

        cursor.close();

        assertEquals(
                "CombinedSource: the cursor is closed; open another at position 2",
                assertThrows(IllegalStateException.class, cursor::next).getMessage());
    }

    @Test
    void placesThatDoNotExistAreErrors() {
        CombinedSource source =
                CombinedSource.of(Mode.MAX_SIZE_CYCLE, List.of(loader(3, 1), loader(2, 1)));
        assertMessage(
                "CombinedSource: there is no source; at least one is needed",
                () -> CombinedSource.of(Mode.MIN_SIZE, List.of()));
        assertMessage("CombinedSource: epoch is -1; use a number from 0", () -> source.open(-1, 0));
        assertMessage(
                "CombinedSource: position is 4; an epoch has 3 batches, so use 0 to 3",
                () -> source.open(0, 4));
        CombinedSource unknown =
                CombinedSource.of(
                        Mode.MAX_SIZE_CYCLE, List.of(new Unknown(loader(3, 1)), loader(2, 1)));
        assertMessage(
                "CombinedSource: position is 4; an epoch has 3 batches, so use 0 to 3",
                () -> unknown.open(0, 4));
        assertMessage(
                "CombinedSource: position is -1; use a number from 0", () -> unknown.open(0, -1));
        assertFalse(unknown.open(0, 3).hasNext());
    }

    @Test
    void allElementsCanBeMovedAtOnce() {
        Batch batch =
                Batch.combine(new LinkedHashMap<>(Map.of("a", Batch.of(Tensor.of(1.0, 2.0)))));

        Batch doubled = batch.map(tensor -> tensor.mul(2));

        assertArrayEquals(new double[] {2, 4}, doubled.part("a").input().toDoubles());
        assertEquals(2, doubled.size());
        assertEquals("Batch a.input [2]", doubled.toString());
    }

    @Test
    void partsThatDoNotExistAreErrors() {
        Batch plain = Batch.of(Tensor.of(1.0));
        SequencedMap<String, Batch> parts = new LinkedHashMap<>();
        parts.put("a", plain);
        Batch combined = Batch.combine(parts);

        assertMessage("Batch: there is no part 'b'; found [a]", () -> combined.part("b"));
        assertMessage("Batch: there is no 'input'; found [a.input]", combined::input);
        assertMessage("Batch: there is no part 'a'; found []", () -> plain.part("a"));
        assertThrows(IndexOutOfBoundsException.class, () -> combined.part(1));
        assertEquals(
                "Batch.slice: this batch has parts [a]; slice one of them",
                assertThrows(IllegalStateException.class, () -> combined.slice(0, 1)).getMessage());
        assertMessage(
                "Batch.combine: there is no part; at least one is needed",
                () -> Batch.combine(new LinkedHashMap<>()));
        parts.put("a.b", plain);
        assertMessage(
                "Batch.combine: the name 'a.b' has a point; points stand between names of parts and"
                        + " tensors",
                () -> Batch.combine(parts));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }
}
