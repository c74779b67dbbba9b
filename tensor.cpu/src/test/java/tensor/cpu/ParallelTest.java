package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void piecesAreTheSameOnOneThreadAsOnFour() {
        Map<Long, Long> one = pieces(new Parallel(1), 1003, 100);
        Map<Long, Long> four = pieces(new Parallel(4), 1003, 100);

        assertEquals(one, four);
        assertEquals(11, one.size());
        assertEquals(1003L, one.get(1000L));
    }

    @Test
    void aLoopOfOnePieceStaysOnItsThread() {
        Thread[] thread = new Thread[1];

        new Parallel(4).ranges(100, 100, (_, _) -> thread[0] = Thread.currentThread());

        assertEquals(Thread.currentThread(), thread[0]);
    }

    @Test
    void nothingIsRunForNothing() {
        new Parallel(2)
                .ranges(
                        0,
                        100,
                        (_, _) -> {
                            throw new AssertionError("ran");
                        });
    }

    @Test
    void theExceptionOfTheFirstPieceIsThrownAfterAllHaveRun() {
        AtomicLong ran = new AtomicLong();

        var error =
                assertThrows(
                        ArithmeticException.class,
                        () ->
                                new Parallel(3)
                                        .ranges(
                                                50,
                                                1,
                                                (from, _) -> {
                                                    ran.incrementAndGet();
                                                    if (from >= 7) {
                                                        throw new ArithmeticException(
                                                                "piece " + from);
                                                    }
                                                }));

        assertEquals("piece 7", error.getMessage());
        assertEquals(50, ran.get());
    }

    @Test
    void aPieceMayRunALoopOfItsOwn() {
        Parallel parallel = new Parallel(3);
        AtomicLong sum = new AtomicLong();

        parallel.ranges(
                20,
                1,
                (outer, _) ->
                        parallel.ranges(20, 1, (inner, _) -> sum.addAndGet(20 * outer + inner)));

        assertEquals(400 * 399 / 2, sum.get());
    }

    @Test
    void helpersDoNotKeepTheProgramAlive() throws InterruptedException {
        Map<Thread, Boolean> daemons = new ConcurrentHashMap<>();
        Parallel parallel = new Parallel(2);

        parallel.ranges(
                1000,
                1,
                (_, _) -> daemons.put(Thread.currentThread(), Thread.currentThread().isDaemon()));

        daemons.remove(Thread.currentThread());
        assertTrue(daemons.values().stream().allMatch(daemon -> daemon));
        assertTrue(
                daemons.keySet().stream()
                        .allMatch(thread -> thread.getName().startsWith("tensor-cpu-")));
    }

    private static Map<Long, Long> pieces(Parallel parallel, long n, long grain) {
        Map<Long, Long> pieces = new ConcurrentHashMap<>();
        parallel.ranges(n, grain, pieces::put);
        return pieces;
    }
}
