package loops.core.training;

import java.lang.System.Logger.Level;
import java.util.OptionalDouble;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import tensor.optim.Scheduler;

/// A scheduler in a run. It moves at most once for the same step or epoch, however often it is asked.
public final class TrainingScheduler implements Stateful {
    private static final System.Logger LOG = System.getLogger(TrainingScheduler.class.getName());

    private final PlannedScheduler planned;
    private long seen;
    private long moments;
    private long looked; // the measurements of its metric when it last looked

    TrainingScheduler(PlannedScheduler planned) {
        this.planned = planned;
        if (planned.scheduler().monitorsMetric() && planned.monitor().isEmpty()) {
            throw new IllegalArgumentException(
                    "OptimizerPlan: %s looks at a metric and is not told which; say monitoring(\"val_loss\")"
                            .formatted(planned.scheduler().getClass().getSimpleName()));
        }
    }

    /// {@return the scheduler and when it moves}
    public PlannedScheduler planned() {
        return planned;
    }

    /// {@return the scheduler}
    public Scheduler scheduler() {
        return planned.scheduler();
    }

    /// {@return whether it looks at a metric}
    public boolean monitorsMetric() {
        return planned.scheduler().monitorsMetric();
    }

    /// {@return whether it has to move now} Asking twice about the same count gives yes once.
    ///
    /// @param everyStep whether its optimizer may have made a step; an epoch if not
    /// @param count the steps of its optimizer, or the epochs
    public boolean due(boolean everyStep, long count) {
        if (planned.everyStep() != everyStep || count <= seen) {
            return false;
        }
        seen = count;
        moments++;
        return (everyStep ? moments : count) % planned.frequency() == 0;
    }

    /// {@return whether it has looked at the latest value of its metric already, so that there is nothing to move for}
    ///
    /// @param metrics the latest metrics
    public boolean hasSeen(Metrics metrics) {
        return monitorsMetric() && looked > 0 && looked == metrics.measurements(monitor());
    }

    /// {@return whether the metric that it looks at has never been measured}
    ///
    /// @param metrics the latest metrics
    public boolean misses(Metrics metrics) {
        return monitorsMetric() && metrics.measurements(monitor()) == 0;
    }

    private String monitor() {
        return planned.monitor().orElseThrow();
    }

    /// Epochs count from 0 again: a further fit begins.
    void beginFit() {
        if (!planned.everyStep()) {
            seen = 0;
        }
    }

    /// Moves once.
    ///
    /// @param metrics the latest metrics
    /// @return whether it moved: not if the metric that it looks at is missing and it is lenient, which is warned of
    /// @throws IllegalStateException if that metric is missing otherwise
    public boolean move(Metrics metrics) {
        if (!monitorsMetric()) {
            scheduler().step();
        } else {
            var value = value(metrics);
            if (value.isEmpty()) {
                return false;
            }
            looked = metrics.measurements(monitor());
            scheduler().step(value.getAsDouble());
        }
        return true;
    }

    private OptionalDouble value(Metrics metrics) {
        var value = metrics.get(monitor());
        if (value.isEmpty()) {
            String message =
                    "%s: looks at '%s', and only %s are logged; log it, or look at one of these"
                            .formatted(
                                    scheduler().getClass().getSimpleName(),
                                    monitor(),
                                    metrics.all().keySet());
            if (planned.strict()) {
                throw new IllegalStateException(message);
            }
            LOG.log(Level.WARNING, message);
        }
        return value;
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("seen", seen)
                .with("moments", moments)
                .with("looked", looked)
                .with("state", TensorState.fields(scheduler().stateDict()));
    }

    @Override
    public void loadStateDict(Fields state) {
        seen = state.num("seen");
        moments = state.num("moments");
        looked = state.num("looked");
        scheduler().loadStateDict(TensorState.tensors(state.fields("state")));
    }
}
