package tensor.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;

class DataLoaderTest {
    private static final RandomKey KEY = RandomKey.of(5);

    /// Samples that are their index, made by code of the test.
    private record Numbers(int size, IntFunction<Tensor> make) implements Dataset<Sample> {
        Numbers(int size) {
            this(size, index -> Tensor.scalar((long) index));
        }

        @Override
        public Sample get(int index) {
            return Sample.of(make.apply(index));
        }
    }

    private static TensorDataset tensors(int size) {
        return TensorDataset.of(Tensor.of(IntStream.range(0, size).asLongStream().toArray()));
    }

    private static List<List<Long>> epoch(BatchSource source, long epoch, long position) {
        List<List<Long>> batches = new ArrayList<>();
        try (BatchCursor cursor = source.open(epoch, position)) {
            while (cursor.hasNext()) {
                batches.add(values(cursor.next()));
            }
        }
        return batches;
    }

    private static List<Long> values(Batch batch) {
        return Arrays.stream(batch.input().toLongs()).boxed().toList();
    }

    @Test
    void theLastBatchHasWhatIsLeft() {
        DataLoader loader = DataLoader.of(tensors(5), config -> config.batchSize(2));

        assertEquals(OptionalInt.of(3), loader.batchCount());
        assertEquals(List.of(List.of(0L, 1L), List.of(2L, 3L), List.of(4L)), epoch(loader, 0, 0));
    }

    @Test
    void theLastBatchCanBeDropped() {
        DataLoader loader = DataLoader.of(tensors(5), config -> config.batchSize(2).dropLast());

        assertEquals(OptionalInt.of(2), loader.batchCount());
        assertEquals(List.of(List.of(0L, 1L), List.of(2L, 3L)), epoch(loader, 0, 0));
    }

    @Test
    void withoutSettingsABatchHasOneSample() {
        assertEquals(List.of(List.of(0L), List.of(1L)), epoch(DataLoader.of(tensors(2)), 0, 0));
    }

    @Test
    void anEmptyDatasetHasNoBatches() {
        assertEquals(List.of(), epoch(DataLoader.of(new Numbers(0)), 0, 0));
    }

    @Test
    void aShuffledEpochHasEverySampleOnceInTheOrderOfTheSampler() {
        DataLoader loader = DataLoader.of(tensors(10), config -> config.batchSize(4).shuffle(KEY));
        int[] order = Sampler.shuffled(10, KEY).indices(3);

        List<Long> drawn = epoch(loader, 3, 0).stream().flatMap(List::stream).toList();

        assertEquals(Arrays.stream(order).asLongStream().boxed().toList(), drawn);
        assertNotEquals(epoch(loader, 3, 0), epoch(loader, 4, 0));
    }

    @Test
    void aSamplerMayDrawMoreOrFewerSamplesThanThereAre() {
        DataLoader loader =
                DataLoader.of(
                        tensors(3), config -> config.batchSize(2).sampler(Sampler.of(2, 2, 0)));

        assertEquals(List.of(List.of(2L, 2L), List.of(0L)), epoch(loader, 0, 0));
    }

    @Test
    void anyKindOfSampleCanBeCollated() {
        Dataset<Integer> dataset = new Numbers(4).map(it -> (int) it.input().itemLong());

        DataLoader loader =
                DataLoader.of(
                        dataset,
                        samples ->
                                Batch.of(
                                        Tensor.of(
                                                samples.stream()
                                                        .mapToLong(it -> it * 10L)
                                                        .toArray())),
                        config -> config.batchSize(3).prefetch(1));

        assertEquals(List.of(List.of(0L, 10L, 20L), List.of(30L)), epoch(loader, 0, 0));
    }

    @Test
    void aTransformGetsAKeyOfItsOwnForEachEpochAndSample() {
        SampleTransform<Sample> noise =
                (sample, key) ->
                        Sample.of(sample.input().mul(0).add((double) (key.bits(0) >>> 40)));
        DataLoader loader =
                DataLoader.of(
                        tensors(4),
                        config ->
                                config.sampler(Sampler.of(1, 0, 1))
                                        .batchSize(3)
                                        .transform(KEY, noise));

        List<Long> drawn = epoch(loader, 2, 0).getFirst();

        assertEquals(KEY.fold(2).fold(1).bits(0) >>> 40, drawn.getFirst());
        assertEquals(drawn.get(0), drawn.get(2));
        assertNotEquals(drawn.get(0), drawn.get(1));
        assertNotEquals(drawn, epoch(loader, 3, 0).getFirst());
    }

    @Test
    void tensorsInMemoryGiveTheSameBatchesWithAndWithoutWorkers() {
        DataLoader direct = DataLoader.of(tensors(10), config -> config.batchSize(3).shuffle(KEY));
        DataLoader ahead =
                DataLoader.of(tensors(10), config -> config.batchSize(3).shuffle(KEY).prefetch(2));
        DataLoader bySample =
                DataLoader.of(new Numbers(10), config -> config.batchSize(3).shuffle(KEY));

        assertEquals(epoch(direct, 1, 0), epoch(ahead, 1, 0));
        assertEquals(epoch(direct, 1, 0), epoch(bySample, 1, 0));
    }

    @Test
    void aFaultOfTheDatasetComesOutAtItsPlaceAndCanBeTriedAgain() {
        for (int prefetch = 0; prefetch < 4; prefetch++) {
            AtomicInteger faults = new AtomicInteger(1);
            var cause = new IllegalStateException("disk gone");
            Numbers dataset =
                    new Numbers(
                            8,
                            index -> {
                                if (index == 5 && faults.getAndDecrement() > 0) {
                                    throw cause;
                                }
                                return Tensor.scalar((long) index);
                            });
            int depth = prefetch;
            DataLoader loader =
                    DataLoader.of(
                            dataset, config -> config.batchSize(2).prefetch(depth).workers(2));

            try (BatchCursor cursor = loader.open(4, 0)) {
                assertEquals(List.of(0L, 1L), values(cursor.next()));
                assertEquals(List.of(2L, 3L), values(cursor.next()));
                var fault = assertThrows(DataLoaderException.class, cursor::next);
                assertEquals(
                        "DataLoader: batch 2 of epoch 4, sample 5: java.lang.IllegalStateException:"
                                + " disk gone",
                        fault.getMessage());
                assertEquals(4, fault.epoch());
                assertEquals(2, fault.batchIndex());
                assertSame(cause, fault.getCause());
                assertEquals(2, cursor.position());
                assertEquals(List.of(4L, 5L), values(cursor.next()));
                assertEquals(List.of(6L, 7L), values(cursor.next()));
            }
        }
    }

    @Test
    void aFaultOfCollateNamesTheBatch() {
        DataLoader loader =
                DataLoader.<Sample>of(
                        new Numbers(2),
                        _ -> {
                            throw new IllegalArgumentException("ragged");
                        },
                        config -> config.batchSize(2));

        try (BatchCursor cursor = loader.open(0, 0)) {
            assertMessage(
                    "DataLoader: batch 0 of epoch 0: java.lang.IllegalArgumentException: ragged",
                    DataLoaderException.class,
                    cursor::next);
        }
    }

    @Test
    void anErrorOfTheVirtualMachineComesOutAsItIs() {
        Error error = new AssertionError("broken");
        Numbers dataset =
                new Numbers(
                        1,
                        _ -> {
                            throw error;
                        });

        try (BatchCursor cursor = DataLoader.of(dataset).open(0, 0)) {
            assertSame(error, assertThrows(AssertionError.class, cursor::next));
        }
    }

    @Test
    void closeEndsTheWorkersAndIsIdempotent() throws Exception {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        CountDownLatch working = new CountDownLatch(1);
        Numbers dataset =
                new Numbers(
                        100,
                        index -> {
                            threads.add(Thread.currentThread());
                            working.countDown();
                            return Tensor.scalar((long) index);
                        });
        BatchCursor cursor =
                DataLoader.of(dataset, config -> config.batchSize(5).prefetch(8).workers(3))
                        .open(0, 0);
        cursor.next();
        working.await();

        cursor.close();
        cursor.close();

        int made = threads.size();
        for (Thread thread : threads) {
            assertTrue(thread.isVirtual());
            assertTrue(thread.join(Duration.ofSeconds(10)), "worker lives on");
        }
        assertEquals(made, threads.size());
        assertMessage(
                "DataLoader: the cursor is closed; open another at position 1",
                IllegalStateException.class,
                cursor::next);
    }

    @Test
    void workersOfACursorThatNobodyClosesEndByThemselves() throws Exception {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        Numbers dataset =
                new Numbers(
                        9,
                        index -> {
                            threads.add(Thread.currentThread());
                            return Tensor.scalar((long) index);
                        });

        DataLoader.of(dataset, config -> config.prefetch(2).workers(2)).open(0, 0).next();

        for (Thread thread : threads) {
            assertTrue(thread.join(Duration.ofSeconds(10)), "worker lives on");
        }
    }

    @Test
    void noMoreBatchesAreMadeAheadThanThePrefetch() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch threeMade = new CountDownLatch(3);
        Numbers dataset =
                new Numbers(
                        10,
                        index -> {
                            made.incrementAndGet();
                            threeMade.countDown();
                            return Tensor.scalar((long) index);
                        });

        try (BatchCursor cursor =
                DataLoader.of(dataset, config -> config.prefetch(3).workers(5)).open(0, 0)) {
            threeMade.await();
            assertEquals(0, cursor.position());
        }

        assertEquals(3, made.get());
    }

    @Test
    void aBatchBelongsToTheScopeInWhichItWasTaken() {
        for (int prefetch = 0; prefetch < 3; prefetch++) {
            int depth = prefetch;
            for (Dataset<Sample> dataset : List.of(tensors(4), new Numbers(4))) {
                DataLoader loader =
                        DataLoader.of(dataset, config -> config.batchSize(2).prefetch(depth));
                try (BatchCursor cursor = loader.open(0, 0)) {
                    List<Batch> taken = new ArrayList<>();

                    TensorScope.run("step 1", () -> taken.add(cursor.next()));
                    Batch outside = cursor.next();

                    assertThrows(
                            IllegalStateException.class, () -> taken.getFirst().input().toLongs());
                    assertEquals(List.of(2L, 3L), values(outside));
                }
            }
        }
    }

    @Test
    void theDatasetRunsOutsideOfAnyScope() {
        Queue<Boolean> scoped = new ConcurrentLinkedQueue<>();
        Numbers dataset =
                new Numbers(
                        2,
                        index -> {
                            scoped.add(TensorScope.current().isPresent());
                            return Tensor.scalar((long) index);
                        });

        TensorScope.run("step", () -> epoch(DataLoader.of(dataset), 0, 0));

        assertEquals(List.of(false, false), List.copyOf(scoped));
    }

    @Test
    void anInterruptWhileWaitingIsKeptAndNamed() {
        CountDownLatch never = new CountDownLatch(1);
        Numbers dataset =
                new Numbers(
                        1,
                        index -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return Tensor.scalar((long) index);
                        });
        BatchCursor cursor = DataLoader.of(dataset).open(1, 0);

        Thread.currentThread().interrupt();
        assertMessage(
                "DataLoader: interrupted while waiting for batch 0 of epoch 1",
                IllegalStateException.class,
                cursor::next);
        assertTrue(Thread.interrupted());
        never.countDown();
        cursor.close();
    }

    @Test
    void theEndOfAnEpochIsAnErrorOnlyIfOneGoesOn() {
        for (int prefetch = 0; prefetch < 2; prefetch++) {
            int depth = prefetch;
            try (BatchCursor cursor =
                    DataLoader.of(tensors(1), config -> config.prefetch(depth)).open(7, 1)) {
                assertFalse(cursor.hasNext());
                assertMessage(
                        "DataLoader: epoch 7 has 1 batches and all are consumed",
                        NoSuchElementException.class,
                        cursor::next);
            }
        }
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        assertConfigMessage(
                "DataLoader: batchSize is 0; use a number from 1", config -> config.batchSize(0));
        assertConfigMessage(
                "DataLoader: prefetch is -1; use a number from 0", config -> config.prefetch(-1));
        assertConfigMessage(
                "DataLoader: workers is 0; use a number from 1", config -> config.workers(0));
        assertMessage(
                "DataLoader: the order is set twice; use shuffle(key) or sampler(order), once",
                IllegalStateException.class,
                () ->
                        DataLoader.of(
                                tensors(1), config -> config.shuffle(KEY).sampler(Sampler.of(0))));
        assertMessage(
                "DataLoader: position is 3; an epoch has 2 batches, so use 0 to 2",
                IllegalArgumentException.class,
                () -> DataLoader.of(tensors(2)).open(0, 3));
        assertMessage(
                "DataLoader: epoch is -1; use a number from 0",
                IllegalArgumentException.class,
                () -> DataLoader.of(tensors(2)).open(-1, 0));
    }

    private static void assertConfigMessage(
            String expected, Consumer<DataLoader.Config<Sample>> config) {
        assertMessage(
                expected, IllegalArgumentException.class, () -> DataLoader.of(tensors(1), config));
    }

    private static void assertMessage(
            String expected, Class<? extends RuntimeException> type, Executable faulty) {
        assertEquals(expected, assertThrows(type, faulty).getMessage());
    }

    @Test
    void aBatchKnowsWhichSamplesItHas() {
        DataLoader inPlace = DataLoader.of(tensors(5), config -> config.batchSize(2).shuffle(KEY));
        DataLoader ahead =
                DataLoader.of(
                        new Numbers(5), config -> config.batchSize(2).shuffle(KEY).prefetch(2));

        for (DataLoader loader : List.of(inPlace, ahead)) {
            try (BatchCursor cursor = loader.open(3, 1)) {
                while (cursor.hasNext()) {
                    Batch batch = cursor.next();
                    assertEquals(
                            values(batch), batch.indices().stream().map(Long::valueOf).toList());
                }
            }
        }
    }

    @Test
    void aBatchOfAnotherSizeThanItsSamplesKnowsNone() {
        DataLoader paired =
                DataLoader.of(
                        new Numbers(4),
                        samples -> Batch.stack(samples.subList(0, 1)),
                        config -> config.batchSize(2));

        try (BatchCursor cursor = paired.open(0, 0)) {
            assertEquals(List.of(), cursor.next().indices());
        }
    }
}
