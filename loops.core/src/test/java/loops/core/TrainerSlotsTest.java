package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import loops.api.Cell;
import loops.api.Loop;
import loops.api.Slot;
import loops.api.testkit.PassThrough;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.ManualOptimization;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.PredictionEpochLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.EpochRun;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Every loop of the default tree has its place, and every place takes another loop.
class TrainerSlotsTest {
    private static final String PLACES =
            """
            fit_loop
            fit_loop.epoch_loop
            fit_loop.epoch_loop.batch_loop
            fit_loop.epoch_loop.batch_loop.manual_loop
            fit_loop.epoch_loop.batch_loop.optimizer_loop
            fit_loop.epoch_loop.val_loop
            fit_loop.epoch_loop.val_loop.epoch_loop
            predict_loop
            predict_loop.epoch_loop
            test_loop
            test_loop.epoch_loop
            validate_loop
            validate_loop.epoch_loop
            """;

    /// What can be done with a slot of any type.
    private interface Act {
        <I, O extends @Nullable Object> void on(Slot<I, O> slot);
    }

    /// {@return the slot of each method of [TrainerSlots], by path}
    private static SortedMap<String, Slot<?, ?>> bySlotMethods(Trainer trainer) {
        var slots = new TreeMap<String, Slot<?, ?>>();
        for (Method method : TrainerSlots.class.getDeclaredMethods()) {
            if (method.getReturnType() != Slot.class || method.getParameterCount() > 0) {
                continue;
            }
            var types =
                    ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments();
            assertTrue(
                    Arrays.stream(types).noneMatch(type -> type.getTypeName().contains("?")),
                    method.getName());
            try {
                var slot = (Slot<?, ?>) method.invoke(trainer.slots());
                slots.put(slot.path(), slot);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
        return slots;
    }

    /// {@return all slots of the trees, by path}
    private static SortedMap<String, Slot<?, ?>> byWalking(Trainer trainer) {
        var slots = new TreeMap<String, Slot<?, ?>>();
        var own = trainer.slots();
        Stream.of(own.fit(), own.validate(), own.test(), own.predict())
                .flatMap(TrainerSlotsTest::below)
                .forEach(slot -> slots.put(slot.path(), slot));
        return slots;
    }

    private static Slot<?, ?> slot(Trainer trainer, String path) {
        return Objects.requireNonNull(byWalking(trainer).get(path), path);
    }

    private static Loop<?, ?> own(String path) {
        return Objects.requireNonNull(OWN.get(path), path).get();
    }

    private static Stream<Slot<?, ?>> below(Slot<?, ?> slot) {
        return Stream.concat(
                Stream.of(slot), slot.get().slots().stream().flatMap(TrainerSlotsTest::below));
    }

    @Test
    void thereIsOneTypedMethodForEachLoopOfTheDefaultTree() {
        var trainer = Trainer.of(config -> {});

        assertEquals(PLACES, String.join("\n", bySlotMethods(trainer).keySet()) + "\n");
        assertEquals(byWalking(trainer), bySlotMethods(trainer));
    }

    /// One loop for each place, as a user would write it.
    private static final SortedMap<String, Supplier<Loop<?, ?>>> OWN =
            new TreeMap<>(
                    Map.ofEntries(
                            own("fit_loop", () -> new FitLoop() {}),
                            own("fit_loop.epoch_loop", () -> new TrainingEpochLoop() {}),
                            own("fit_loop.epoch_loop.batch_loop", () -> new TrainingBatchLoop() {}),
                            own(
                                    "fit_loop.epoch_loop.batch_loop.manual_loop",
                                    () -> new ManualOptimization() {}),
                            own(
                                    "fit_loop.epoch_loop.batch_loop.optimizer_loop",
                                    () -> new OptimizerLoop() {}),
                            own("fit_loop.epoch_loop.val_loop", () -> new EvaluationLoop() {}),
                            own(
                                    "fit_loop.epoch_loop.val_loop.epoch_loop",
                                    () -> new EvaluationEpochLoop() {}),
                            own("predict_loop", () -> new PredictionLoop() {}),
                            own("predict_loop.epoch_loop", () -> new PredictionEpochLoop() {}),
                            own("test_loop", () -> new EvaluationLoop() {}),
                            own("test_loop.epoch_loop", () -> new EvaluationEpochLoop() {}),
                            own("validate_loop", () -> new EvaluationLoop() {}),
                            own("validate_loop.epoch_loop", () -> new EvaluationEpochLoop() {})));

    private static Map.Entry<String, Supplier<Loop<?, ?>>> own(
            String path, Supplier<Loop<?, ?>> loop) {
        return Map.entry(path, loop);
    }

    @Test
    void aReplacedLoopHandsOverChildrenAndProgressAndRuns() {
        for (String path : OWN.keySet()) {
            var trainer = trainer();
            runAll(trainer);
            var slot = slot(trainer, path);
            var old = slot.get();
            var state = old.stateDict();
            var children = children(old);
            var next = own(path);

            replace(slot, next);

            assertSame(next, slot.get());
            assertEquals(path, next.path());
            assertEquals(state, next.stateDict());
            assertEquals(children, children(next));
            assertEquals(byWalking(trainer), bySlotMethods(trainer));
            assertEquals(twice(trainer()), runAll(trainer), path);
        }
    }

    @Test
    void aConnectedLoopIsPutInAsItIsAndRuns() {
        for (String path : OWN.keySet()) {
            var trainer = trainer();
            runAll(trainer);
            var slot = slot(trainer, path);
            var old = slot.get();
            var next = own(path);
            var state = next.stateDict();
            var children = children(next);

            connect(slot, next);

            assertSame(next, slot.get());
            assertEquals(path, next.path());
            assertEquals("", old.path());
            assertEquals(state, next.stateDict());
            assertEquals(children, children(next));
            assertEquals(twice(trainer()), runAll(trainer), path);
        }
    }

    @Test
    void aLoopOfAnotherKindGoesRoundTheOldOneAtEveryPlace() {
        for (String path : OWN.keySet()) {
            var trainer = trainer();
            var slot = slot(trainer, path);
            var old = slot.get();

            act(
                    slot,
                    new Act() {
                        @Override
                        public <I, O extends @Nullable Object> void on(Slot<I, O> place) {
                            place.replace(PassThrough::new);
                        }
                    });

            assertEquals(path + ".inner", old.path());
            assertEquals(runAll(trainer()), runAll(trainer), path);
        }
    }

    @Test
    void aPlaceBelowALoopOfAnotherKindSaysWhatStandsInBetween() {
        var trainer = trainer();
        trainer.slots().batch().replace(PassThrough::new);

        assertEquals("fit_loop.epoch_loop.val_loop", trainer.slots().validation().path());
        var message =
                "Slot 'fit_loop.epoch_loop.batch_loop': holds a loops.api.testkit.PassThrough, asked for a loops.core.loop.TrainingBatchLoop; use get(), or the type that you put there";
        for (Supplier<Slot<?, ?>> below :
                List.<Supplier<Slot<?, ?>>>of(
                        () -> trainer.slots().optimizer(), () -> trainer.slots().manual())) {
            assertEquals(
                    message, assertThrows(IllegalStateException.class, below::get).getMessage());
        }
    }

    @Test
    void aPredictionLoopIsMadeFromTheChoiceOfTheOldOne() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).keepPredictions(false));
        trainer.slots()
                .predictEpoch()
                .replace(PredictionEpochLoop.class, old -> new PredictionEpochLoop(old.keeps()) {});
        var module = new Slope();
        var data = Slope.data(Slope.points(4, 2));
        trainer.fit(module, data);

        assertEquals(List.of(List.of()), trainer.predict(module, data));
    }

    /// The example of stitching: a new loop with the old one's choices, children and their state.
    @Test
    void aNewLoopIsStitchedToTheChildrenOfTheOldOne() {
        var trainer = trainer();
        trainer.fit(new Slope(), Slope.data(Slope.points(4, 2)));
        var old = trainer.slots().epoch().get(TrainingEpochLoop.class);
        var batches = old.batchLoop().get();
        var validation = old.validationLoop().get();
        var states = List.of(batches.stateDict(), validation.stateDict());

        var epochs = new Every(3);
        epochs.batchLoop().connect(old.batchLoop().take());
        epochs.validationLoop().connect(old.validationLoop().take());
        trainer.slots().epoch().connect(epochs);

        assertSame(batches, trainer.slots().batch().get());
        assertSame(validation, trainer.slots().validation().get());
        assertEquals("fit_loop.epoch_loop.batch_loop", batches.path());
        assertEquals(states, List.of(batches.stateDict(), validation.stateDict()));
        assertNotSame(states.getFirst(), new TrainingBatchLoop().stateDict());
        assertEquals(0, epochs.batchProgress().total().completed());
        var steps = trainer.slots().optimizer().get(OptimizerLoop.class).stepProgress();
        assertEquals(2, steps.total().completed());

        var result = trainer.fit(new Slope(), Slope.data(Slope.points(4, 2)));

        assertEquals(trainer().fit(new Slope(), Slope.data(Slope.points(4, 2))), result);
        assertEquals(2, epochs.batchProgress().total().completed());
        assertEquals(4, steps.total().completed());
        assertEquals(
                "Slot 'TrainingEpochLoop.batch_loop': is empty, its loop was taken out; connect another one",
                assertThrows(IllegalStateException.class, old.batchLoop()::get).getMessage());
    }

    private static final class Every extends TrainingEpochLoop {
        private final int every;
        private final Cell<Integer> epochs = cell("epochs", 0);

        Every(int every) {
            this.every = every;
        }

        @Override
        protected void onRunStart(EpochRun epoch) {
            epochs.set((epochs.get() + 1) % every);
        }
    }

    // ---- what is run

    private static Trainer trainer() {
        return Trainer.of(config -> config.maxEpochs(1));
    }

    private static List<Object> twice(Trainer trainer) {
        runAll(trainer);
        return runAll(trainer);
    }

    /// {@return what a fit, a fit by hand, a validation, a test and a prediction come to}
    private static List<Object> runAll(Trainer trainer) {
        var data = Slope.data(Slope.points(4, 2));
        var module = new Slope();
        var byHand = new ByHand();
        var results = new ArrayList<Object>();
        results.add(trainer.fit(module, data));
        results.add(trainer.fit(byHand, data));
        results.add(module.values());
        results.add(byHand.values());
        results.add(trainer.validate(module, data));
        results.add(trainer.test(module, data));
        trainer.predict(module, data)
                .getFirst()
                .forEach(batch -> results.add(Arrays.toString(batch.toFloats())));
        return results;
    }

    private static final class ByHand extends Slope {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            step.zeroGrad(0);
            step.backward(loss(batch));
            step.optimizerStep(0);
            return loss(batch);
        }
    }

    private static List<Loop<?, ?>> children(Loop<?, ?> loop) {
        return loop.slots().stream().<Loop<?, ?>>map(Slot::get).toList();
    }

    private static void replace(Slot<?, ?> slot, Loop<?, ?> next) {
        act(
                slot,
                new Act() {
                    @Override
                    @SuppressWarnings("unchecked") // OWN has a loop of the right types
                    public <I, O extends @Nullable Object> void on(Slot<I, O> place) {
                        place.replace(old -> (Loop<I, O>) next);
                    }
                });
    }

    private static void connect(Slot<?, ?> slot, Loop<?, ?> next) {
        act(
                slot,
                new Act() {
                    @Override
                    @SuppressWarnings("unchecked") // OWN has a loop of the right types
                    public <I, O extends @Nullable Object> void on(Slot<I, O> place) {
                        place.connect((Loop<I, O>) next);
                    }
                });
    }

    private static void act(Slot<?, ?> slot, Act act) {
        act.on(slot);
    }
}
