package loops.core.callback;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.RunView;

/// Tells when a run is to be saved, and remembers when it last was.
///
/// There are three places: after a batch, after a validation, and when an epoch has been measured. None of them saves
/// twice without a batch in between; whether optimizers have made a step with it does not matter.
final class SaveMoments implements Stateful {
    private final SaveTrigger trigger;
    private final Optional<Boolean> atEpochEnd;
    private final InstantSource clock;

    // The steps with which each place last had its turn.
    private long batchSteps;
    private long validationSteps;
    private long epochSteps;
    // The batches with which the two latter last had theirs.
    private long validationBatches;
    private long epochBatches;
    private boolean validated;
    private boolean warned;
    // Milliseconds since the last save that the clock asked for: those of earlier processes, and
    // where this one began.
    private long earlierMillis;
    private Optional<Long> startMillis = Optional.empty();

    SaveMoments(SaveTrigger trigger, Optional<Boolean> atEpochEnd, InstantSource clock) {
        this.trigger = trigger;
        this.atEpochEnd = atEpochEnd;
        this.clock = clock;
    }

    SaveTrigger trigger() {
        return trigger;
    }

    boolean validated() {
        return validated;
    }

    /// {@return whether this is the first time in this process that it is asked: a warning is given once}
    boolean toBeWarned() {
        boolean first = !warned;
        warned = true;
        return first;
    }

    /// A fit begins, in a cross-validation one of several: its steps count from 0.
    void begin() {
        batchSteps = 0;
        validationSteps = 0;
        epochSteps = 0;
        validationBatches = 0;
        epochBatches = 0;
        validated = false;
        earlierMillis = 0;
        startMillis = Optional.of(clock.millis());
    }

    boolean afterBatch(RunView run) {
        return timeIsUp() || stepsAreDone(run);
    }

    private boolean stepsAreDone(RunView run) {
        long steps = run.globalStep();
        boolean due = trigger.steps() > 0 && steps / trigger.steps() > batchSteps / trigger.steps();
        batchSteps = due ? steps : batchSteps;
        return due;
    }

    private boolean timeIsUp() {
        if (trigger.time().isZero()) {
            return false;
        }
        long now = clock.millis();
        if (startMillis.isEmpty()) {
            startMillis = Optional.of(now); // a resumed training begins without onTrainStart
        }
        if (Duration.ofMillis(elapsedMillis(now)).compareTo(trigger.time()) < 0) {
            return false;
        }
        earlierMillis = 0;
        startMillis = Optional.of(now);
        return true;
    }

    private long elapsedMillis(long now) {
        return earlierMillis + startMillis.map(start -> now - start).orElse(0L);
    }

    boolean afterValidation(RunView run) {
        validated = true;
        if (atEpochEnd(run) || run.scope().batches() <= validationBatches) {
            return false;
        }
        validationBatches = run.scope().batches();
        validationSteps = run.globalStep();
        return true;
    }

    boolean afterEpoch(RunView run) {
        if (!atEpochEnd(run) || run.scope().batches() <= epochBatches) {
            return false;
        }
        epochBatches = run.scope().batches();
        epochSteps = run.globalStep();
        return true;
    }

    /// {@return whether this epoch is one of those whose checkpoints may be kept}
    boolean keeps(RunView run) {
        return trigger.epochs() > 0 && (run.epoch() + 1) % trigger.epochs() == 0;
    }

    /// {@return whether epochs are saved at their end, and not after validations}
    private boolean atEpochEnd(RunView run) {
        return atEpochEnd.orElseGet(
                () -> run.plan().validatesOnceAnEpoch() || nothingToValidateOn(run));
    }

    /// {@return whether a validation has been due by now, and none has come}
    private boolean nothingToValidateOn(RunView run) {
        return run.plan().validationWasDue(run.epoch() + 1, run.scope().batches()) && !validated;
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("batch_steps", batchSteps)
                .with("validation_steps", validationSteps)
                .with("epoch_steps", epochSteps)
                .with("validation_batches", validationBatches)
                .with("epoch_batches", epochBatches)
                .with("validated", validated)
                .with(
                        "elapsed_millis",
                        trigger.time().isZero() ? 0 : elapsedMillis(clock.millis()));
    }

    @Override
    public void loadStateDict(Fields state) {
        batchSteps = state.num("batch_steps");
        validationSteps = state.num("validation_steps");
        epochSteps = state.num("epoch_steps");
        validationBatches = state.num("validation_batches");
        epochBatches = state.num("epoch_batches");
        validated = state.flag("validated");
        earlierMillis = state.num("elapsed_millis");
        startMillis = Optional.empty();
    }
}
