package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import tensor.api.Device;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;

/// What a step on a thread of its own sees, and what becomes of the thread.
class GeneratorLoopTest {
    private final List<Thread> threads = new ArrayList<>();

    /// Notes the thread of each turn.
    private final class Turns implements Callback {
        @Override
        public void onAfterBackward(RunView run) {
            threads.add(Thread.currentThread());
        }
    }

    @Test
    void theStepHasAThreadOfItsOwnAndTurnsHaveThatOfTheLoop() {
        var module =
                new Scripted((self, batch, step, y) -> {
                    threads.add(Thread.currentThread());
                    self.yieldBoth(batch, y);
                    threads.add(Thread.currentThread());
                });

        module.fit(GeneratorLoop::new, new Turns());

        var mine = Thread.currentThread();
        assertEquals(8, threads.size());
        assertEquals(List.of(mine, mine), threads.subList(1, 3));
        assertEquals(threads.get(0), threads.get(3));
        assertTrue(threads.get(0).isVirtual());
        assertEquals("yielding step", threads.get(0).getName());
        assertNotEquals(threads.get(0), threads.get(4));
    }

    @Test
    void noThreadIsLeftHoweverAStepEnds() throws InterruptedException {
        List<Scripted.Script> endings =
                List.of(
                        (self, batch, step, y) -> self.yieldBoth(batch, y),
                        (self, batch, step, y) -> y.yield(0, self.loss(0, batch)),
                        (self, batch, step, y) -> y.yield(1, self.loss(1, batch)),
                        (self, batch, step, y) -> {
                            throw new IllegalStateException("mine");
                        });
        for (var ending : endings) {
            var module =
                    new Scripted((self, batch, step, y) -> {
                        threads.add(Thread.currentThread());
                        ending.run(self, batch, step, y);
                    });
            try {
                module.fit(GeneratorLoop::new);
            } catch (IllegalStateException _) {
                // as some of them end
            }
        }

        assertEquals(5, threads.size());
        for (Thread thread : threads) {
            assertTrue(thread.join(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whatTheStepHasOpenAroundAYieldDoesNotHoldForTheTurn() {
        var module =
                new Scripted((self, batch, step, y) -> {
                    var first = self.loss(0, batch);
                    Tensor.noGrad(() -> y.yield(0, first));
                    y.yield(1, self.loss(1, batch));
                });
        var tracked = new ArrayList<Boolean>();
        var watch =
                new Callback() {
                    @Override
                    public void onAfterBackward(RunView run) {
                        tracked.add(module.first.weight().value().mul(2).tracked());
                    }
                };

        module.fit(GeneratorLoop::new, watch);
        module.fit(YieldLoop::new, watch);

        assertEquals(List.of(true, true, true, true, false, true, false, true), tracked);
    }

    @Test
    void tensorsOfTheStepLiveAsLongAsItsBatch() {
        var made = new ArrayList<Tensor>();
        var scopes = new ArrayList<Optional<String>>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    made.add(Tensor.scalar(1f).add(step.batchIndex()));
                    scopes.add(TensorScope.current().map(TensorScope::name));
                    step.output("made", made.getLast());
                    self.yieldBoth(batch, y);
                });
        var values = new ArrayList<Double>();
        var watch =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        values.add(made.getLast().item());
                        scopes.add(TensorScope.current().map(TensorScope::name));
                    }
                };

        module.fit(GeneratorLoop::new, watch);

        assertEquals(List.of(1.0, 2.0), values);
        assertFalse(scopes.contains(Optional.<String>empty()));
        assertEquals(scopes.get(0), scopes.get(1));
        assertThrows(IllegalStateException.class, () -> made.getFirst().item());
    }

    @Test
    void theStepSeesTheDeviceOfTheRun() {
        var devices = new ArrayList<Device>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    devices.add(Device.current());
                    self.yieldBoth(batch, y);
                });

        module.fit(GeneratorLoop::new);

        assertEquals(List.of(Device.cpu(), Device.cpu()), devices);
    }

    @Test
    void whoInterruptsTheLoopInterruptsTheStep() {
        var mine = Thread.currentThread();
        var seen = new ArrayList<Boolean>();
        var module =
                new Scripted((self, batch, step, y) -> {
                    if (step.batchIndex() == 0) {
                        mine.interrupt();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException _) {
                            seen.add(true);
                        }
                    }
                    self.yieldBoth(batch, y);
                });

        module.fit(GeneratorLoop::new);

        assertEquals(List.of(true), seen);
        assertTrue(Thread.interrupted());
    }
}
