package loops.core.callback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Callback;
import loops.core.training.LogFlag;
import loops.core.training.LogOption;
import loops.core.training.PlannedScheduler;
import loops.core.training.RunView;
import loops.core.training.TrainingOptimizer;
import tensor.data.Batch;
import tensor.optim.ParameterGroup;

/// Logs the learning rates, so that loggers write them and they can be monitored.
///
/// | there is | name |
/// |---|---|
/// | one optimizer of a kind | `lr-SGD` |
/// | several of a kind | `lr-Adam`, `lr-Adam-1` |
/// | several groups of parameters | `lr-Adam/pg1`, `lr-Adam/pg2` |
/// | a group with a name | `lr-SGD/head` |
/// | a scheduler with a name | that name, in place of `lr-SGD` |
///
/// A rate is that of the batch for which it is logged, or with which an epoch begins. If nothing is chosen, an optimizer
/// with a scheduler that moves by steps is logged by steps, every other one by epochs.
public final class LearningRateMonitor implements Callback {
    private static final LogOption[] OF_STEP = {LogFlag.ON_STEP};
    private static final LogOption[] OF_EPOCH = {LogFlag.ON_EPOCH};

    private final Optional<Boolean> everyStep;
    private final boolean momentum;
    private final Rates rates = new Rates();

    private LearningRateMonitor(Optional<Boolean> everyStep, boolean momentum) {
        this.everyStep = everyStep;
        this.momentum = momentum;
    }

    /// {@return a callback that logs each learning rate as often as it is scheduled}
    public static LearningRateMonitor of() {
        return new LearningRateMonitor(Optional.empty(), false);
    }

    /// {@return this callback, logging by steps}
    public LearningRateMonitor perStep() {
        return new LearningRateMonitor(Optional.of(true), momentum);
    }

    /// {@return this callback, logging by epochs}
    public LearningRateMonitor perEpoch() {
        return new LearningRateMonitor(Optional.of(false), momentum);
    }

    /// {@return this callback, logging momenta too where there are any, as `lr-SGD-momentum`}
    public LearningRateMonitor withMomentum() {
        return new LearningRateMonitor(everyStep, true);
    }

    /// {@return the names of the learning rates, in the order of optimizers and groups}
    ///
    /// @param optimizers the optimizers of a run
    public static List<String> names(List<TrainingOptimizer> optimizers) {
        return rates(optimizers, Optional.empty()).stream().map(Rate::name).toList();
    }

    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        log(run, true);
    }

    @Override
    public void onTrainEpochStart(RunView run) {
        log(run, false);
    }

    private void log(RunView run, boolean step) {
        var options = step ? OF_STEP : OF_EPOCH;
        for (Rate rate : rates.of(run.optimizers(), everyStep)) {
            if (rate.everyStep() != step) {
                continue;
            }
            run.log(rate.name(), rate.group().learningRate(), options);
            if (momentum && rate.group().momentum().isPresent()) {
                run.log(rate.momentumName(), rate.group().momentum().getAsDouble(), options);
            }
        }
    }

    /// A learning rate with its name.
    private record Rate(
            ParameterGroup group, boolean everyStep, String name, String momentumName) {}

    /// The rates of the latest optimizers. They follow from these, so nothing of them is saved.
    private static final class Rates implements Stateful {
        private List<TrainingOptimizer> optimizers = List.of();
        private List<Rate> latest = List.of();

        List<Rate> of(List<TrainingOptimizer> now, Optional<Boolean> everyStep) {
            if (!now.equals(optimizers)) {
                optimizers = now;
                latest = rates(now, everyStep);
            }
            return latest;
        }

        @Override
        public Fields stateDict() {
            return Fields.empty();
        }

        @Override
        public void loadStateDict(Fields state) {}
    }

    private static List<Rate> rates(
            List<TrainingOptimizer> optimizers, Optional<Boolean> everyStep) {
        var ofKind = new HashMap<String, Integer>();
        var rates = new ArrayList<Rate>();
        for (TrainingOptimizer optimizer : optimizers) {
            String name =
                    planned(optimizer)
                            .flatMap(scheduler -> scheduler.name().stream())
                            .findFirst()
                            .orElseGet(() -> name(optimizer.optimizer().kind(), ofKind));
            boolean step =
                    everyStep.orElse(planned(optimizer).anyMatch(PlannedScheduler::everyStep));
            var groups = optimizer.optimizer().groups();
            for (int i = 0; i < groups.size(); i++) {
                String full = name + suffix(groups, i);
                rates.add(new Rate(groups.get(i), step, full, full + "-momentum"));
            }
        }
        return List.copyOf(rates);
    }

    private static Stream<PlannedScheduler> planned(TrainingOptimizer optimizer) {
        return optimizer.planned().schedulers().stream();
    }

    private static String name(String kind, Map<String, Integer> ofKind) {
        int earlier = ofKind.merge(kind, 1, Integer::sum) - 1;
        return "lr-" + kind + (earlier == 0 ? "" : "-" + earlier);
    }

    private static String suffix(List<ParameterGroup> groups, int index) {
        var own = groups.get(index).name();
        return own.map(name -> "/" + name).orElse(groups.size() > 1 ? "/pg" + (index + 1) : "");
    }
}
