package loops.core.callback;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import tensor.api.Parameter;
import tensor.optim.ParameterAverage;

/// The mean of the parameters of a run, which is made when the run first gives its module.
final class AverageInUse implements Stateful {
    private final Function<List<Parameter>, ParameterAverage> make;
    private Optional<ParameterAverage> average = Optional.empty();
    private Fields loaded = Fields.empty();
    private long steps;

    AverageInUse(Function<List<Parameter>, ParameterAverage> make) {
        this.make = make;
    }

    /// Forgets the run before.
    void begin() {
        average = Optional.empty();
        loaded = Fields.empty();
        steps = 0;
    }

    /// Lets the values of the parameters enter.
    void update(RunView run) {
        of(run).update();
    }

    /// Lets the values of the parameters enter if an optimizer step was made since the last time.
    void updateAfterStep(RunView run) {
        if (run.globalStep() > steps) {
            steps = run.globalStep();
            update(run);
        }
    }

    /// Gives the module the mean, or its own values; nothing happens where it has them, or where there is no mean.
    void swap(RunView run, boolean toMean) {
        if (average.isEmpty() && loaded.entries().isEmpty()) {
            return;
        }
        var present = of(run);
        if (present.updates() > 0 && present.swapped() != toMean) {
            present.swap();
        }
    }

    private ParameterAverage of(RunView run) {
        if (average.isEmpty()) {
            var made = make.apply(run.module().parameters());
            if (!loaded.entries().isEmpty()) {
                made.loadStateDict(TensorState.tensors(loaded));
                loaded = Fields.empty();
            }
            average = Optional.of(made);
        }
        return average.get();
    }

    @Override
    public Fields stateDict() {
        var mean = average.map(made -> TensorState.fields(made.stateDict())).orElse(loaded);
        return Fields.empty().with("steps", steps).with("mean", mean);
    }

    @Override
    public void loadStateDict(Fields state) {
        steps = state.num("steps");
        loaded = state.fields("mean");
        average = Optional.empty();
    }
}
