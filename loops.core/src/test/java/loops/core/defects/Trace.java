package loops.core.defects;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.OptimizerLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Callback;
import loops.core.training.EpochRun;
import loops.core.training.LoaderRun;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import loops.core.training.TrainingScheduler;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What a run does, in order. It is saved with the run, so that after a resume it is that of the whole run.
///
/// | event | is |
/// |---|---|
/// | `T0` | a training step on batch 0; `T0.1` on its part 1 |
/// | `Z` | the gradients are dropped |
/// | `B` | a backward pass |
/// | `S` | an optimizer changes its parameters |
/// | the name of a scheduler | it moves |
/// | `V0` | a validation step on batch 0 |
///
/// With several optimizers each has its number behind: `T0:1 Z1 B1 S1`.
class Trace implements Callback {
    private static final Codec<List<String>> EVENTS = Codec.listOf(Codec.TEXT);

    private final List<String> events = new ArrayList<>();

    final void add(String event) {
        events.add(event);
    }

    final int size() {
        return events.size();
    }

    /// {@return all events, in order}
    final String text() {
        return String.join(" ", events);
    }

    @Override
    public final String stateKey() {
        return "trace";
    }

    @Override
    public final Fields stateDict() {
        return Fields.of("events", EVENTS.encode(events));
    }

    @Override
    public final void loadStateDict(Fields state) {
        events.clear();
        events.addAll(EVENTS.decode(state.get("events")));
    }

    /// {@return the default tree, which writes down what it does}
    final FitLoop tree() {
        return tree(new Fits(), new Epochs(), new Optimizers());
    }

    /// {@return the default tree with these loops}
    final FitLoop tree(FitLoop fits, TrainingEpochLoop epochs, OptimizerLoop optimizers) {
        fits.epochLoop().connect(epochs);
        epochs.batchLoop().get(TrainingBatchLoop.class).optimizerLoop().connect(optimizers);
        epochs.validationLoop().get(EvaluationLoop.class).epochLoop().connect(new Evaluations());
        return fits;
    }

    /// Writes down the moves of schedulers that look at a metric of an epoch.
    class Fits extends FitLoop {
        @Override
        protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
            add(scheduler.planned().name().orElse("scheduler"));
            super.schedulerStep(scheduler, epoch);
        }
    }

    /// Writes down the moves of all other schedulers.
    class Epochs extends TrainingEpochLoop {
        @Override
        protected void schedulerStep(TrainingScheduler scheduler, EpochRun epoch) {
            add(scheduler.planned().name().orElse("scheduler"));
            super.schedulerStep(scheduler, epoch);
        }
    }

    /// Writes down what is done with a batch.
    class Optimizers extends OptimizerLoop {
        @Override
        protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
            String part = split.carries() ? "." + split.index() : "";
            String number =
                    split.fit().scope().optimizers().size() > 1 ? ":" + step.optimizerIndex() : "";
            add("T" + step.batchIndex() + part + number);
            return super.trainingStep(split, step);
        }

        @Override
        protected void zeroGrad(TrainingOptimizer optimizer, SplitRun split) {
            add("Z" + number(optimizer, split));
            super.zeroGrad(optimizer, split);
        }

        @Override
        protected void backward(Tensor loss, TrainingOptimizer optimizer, SplitRun split) {
            add("B" + number(optimizer, split));
            super.backward(loss, optimizer, split);
        }

        @Override
        protected boolean optimizerStep(
                TrainingOptimizer optimizer, SplitRun split, Supplier<OptionalDouble> closure) {
            boolean made = super.optimizerStep(optimizer, split, closure);
            if (made) {
                add("S" + number(optimizer, split));
            }
            return made;
        }

        private static String number(TrainingOptimizer optimizer, SplitRun split) {
            return split.fit().scope().optimizers().size() > 1 ? "" + optimizer.index() : "";
        }
    }

    /// Writes down the batches that are measured.
    class Evaluations extends EvaluationEpochLoop {
        @Override
        protected void evaluationStep(LoaderRun run, Batch batch, Step step) {
            String loader = run.evaluation().sources().size() > 1 ? ":" + run.loaderIndex() : "";
            add("V" + step.batchIndex() + loader);
            super.evaluationStep(run, batch, step);
        }
    }
}
