package conformance.kit;

import conformance.check.NotUnderstoodException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import loops.api.Loop;
import loops.api.Slot;
import loops.core.Trainer;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.ManualOptimization;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.PredictionEpochLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.LoaderRun;

/// Loops that extend the built-in ones, bear a name of their own, and are put into the tree of a trainer.
///
/// Which class is extended follows from the place: no other fits there.
public final class OwnLoops {
    /// How a loop is put into its place.
    public enum Way {
        /// As it is.
        CONNECT,
        /// Built from the old one, whose children it takes over.
        REPLACE
    }

    private final Trainer trainer;
    private final Events events;
    private final IdentityHashMap<Loop<?, ?>, String> names = new IdentityHashMap<>();
    private final List<Boolean> keptNothing = new ArrayList<>();

    /// No loop yet.
    ///
    /// @param trainer whose tree they are put into
    /// @param events where evaluations record the end of each step, as `on_advance_end`
    public OwnLoops(Trainer trainer, Events events) {
        this.trainer = trainer;
        this.events = events;
    }

    /// {@return the dotted path that a case writes, from the root on}
    ///
    /// @param written the path, which may begin with `trainer`, or with a loop of the fit
    public static String path(String written) {
        String path = written.startsWith("trainer.") ? written.substring(8) : written;
        return path.startsWith("epoch_loop") || path.startsWith("batch_loop")
                ? path(path.startsWith("epoch_loop") ? "fit_loop." + path : "epoch_loop." + path)
                : path;
    }

    /// Puts a loop into a place.
    ///
    /// @param path the place, from the root on
    /// @param way how
    /// @param base the class that it extends, by the original's name
    /// @param name its name
    /// @throws NotUnderstoodException if there is no such place, or loops of that class do not fit there
    public void put(String path, Way way, String base, String name) {
        if (!base.isEmpty() && !base.equals(baseOf(path))) {
            throw new NotUnderstoodException(
                    "'%s' holds a %s, and a %s does not fit there"
                            .formatted(path, baseOf(path), base));
        }
        var slots = trainer.slots();
        switch (path) {
            case "fit_loop" -> put(slots.fit(), way, name, new FitLoop() {});
            case "fit_loop.epoch_loop" -> put(slots.epoch(), way, name, new TrainingEpochLoop() {});
            case "fit_loop.epoch_loop.batch_loop" ->
                    put(slots.batch(), way, name, new TrainingBatchLoop() {});
            case "fit_loop.epoch_loop.batch_loop.optimizer_loop" ->
                    put(slots.optimizer(), way, name, new OptimizerLoop() {});
            case "fit_loop.epoch_loop.batch_loop.manual_loop" ->
                    put(slots.manual(), way, name, new ManualOptimization() {});
            case "fit_loop.epoch_loop.val_loop" ->
                    put(slots.validation(), way, name, new EvaluationLoop() {});
            case "fit_loop.epoch_loop.val_loop.epoch_loop" ->
                    put(
                            slots.validationEpoch(),
                            way,
                            name,
                            new ToldEvaluationEpoch(this::stepEnded));
            case "validate_loop" -> put(slots.validate(), way, name, new EvaluationLoop() {});
            case "validate_loop.epoch_loop" ->
                    put(slots.validateEpoch(), way, name, new ToldEvaluationEpoch(this::stepEnded));
            case "test_loop" -> put(slots.test(), way, name, new EvaluationLoop() {});
            case "test_loop.epoch_loop" ->
                    put(slots.testEpoch(), way, name, new ToldEvaluationEpoch(this::stepEnded));
            case "predict_loop" -> put(slots.predict(), way, name, new PredictionLoop(true) {});
            case "predict_loop.epoch_loop" ->
                    put(slots.predictEpoch(), way, name, new PredictionEpochLoop() {});
            default -> throw noPlace(path);
        }
    }

    private <I, O> void put(Slot<I, O> slot, Way way, String name, Loop<I, O> loop) {
        names.put(loop, name);
        switch (way) {
            case CONNECT -> slot.connect(loop);
            case REPLACE -> slot.replace(old -> loop);
        }
    }

    private static String baseOf(String path) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        return switch (last) {
            case "fit_loop" -> "FitLoop";
            case "batch_loop" -> "TrainingBatchLoop";
            case "optimizer_loop" -> "OptimizerLoop";
            case "manual_loop" -> "ManualOptimization";
            case "val_loop", "validate_loop", "test_loop" -> "EvaluationLoop";
            case "predict_loop" -> "PredictionLoop";
            case "epoch_loop" ->
                    switch (path.substring(0, Math.max(0, path.length() - last.length()))) {
                        case "fit_loop." -> "TrainingEpochLoop";
                        case "predict_loop." -> "PredictionEpochLoop";
                        default -> "EvaluationEpochLoop";
                    };
            default -> throw noPlace(path);
        };
    }

    private static NotUnderstoodException noPlace(String path) {
        return new NotUnderstoodException(
                "there is no place '%s' in a trainer's tree".formatted(path));
    }

    /// {@return the name that a loop was given, or that of its class}
    ///
    /// @param loop the loop
    public String nameOf(Loop<?, ?> loop) {
        return names.getOrDefault(loop, loop.getClass().getSimpleName());
    }

    /// {@return the loop that stands at a place}
    ///
    /// @param path the place, from the root on
    /// @throws NotUnderstoodException if there is no such place
    public Loop<?, ?> at(String path) {
        var roots = roots(trainer);
        Loop<?, ?> here = null;
        for (String name : path.split("\\.", -1)) {
            var places = here == null ? roots : here.slots();
            here =
                    places.stream()
                            .filter(slot -> slot.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> noPlace(path))
                            .get();
        }
        if (here == null) {
            throw noPlace(path);
        }
        return here;
    }

    /// {@return the places at the top of a trainer's trees}
    ///
    /// @param trainer the trainer
    public static List<Slot<?, ?>> roots(Trainer trainer) {
        var slots = trainer.slots();
        return List.of(slots.fit(), slots.validate(), slots.test(), slots.predict());
    }

    /// {@return at the end of each step of an evaluation, whether its loop had kept no result}
    public List<Boolean> keptNothing() {
        return keptNothing;
    }

    private void stepEnded(EvaluationEpochLoop loop) {
        keptNothing.add(loop.values().items("results").isEmpty());
        events.at("on_advance_end", Event.Place.NOWHERE);
    }

    /// Tells of the end of each of its steps.
    private static final class ToldEvaluationEpoch extends EvaluationEpochLoop {
        private final Consumer<? super EvaluationEpochLoop> told;

        ToldEvaluationEpoch(Consumer<? super EvaluationEpochLoop> told) {
            this.told = told;
        }

        @Override
        protected void onAdvanceEnd(LoaderRun run) {
            super.onAdvanceEnd(run);
            told.accept(this);
        }
    }
}
