package loops.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.Stateful;
import tensor.api.Parameter;
import tensor.optim.Optimizer;

/// One of a module's optimizers, with the number of steps it has made and what belongs to it.
public final class TrainingOptimizer implements Stateful {
    private final PlannedOptimizer planned;
    private final int index;
    private final List<TrainingScheduler> schedulers;

    /// What the optimizer had counted when this fit had made none.
    private long before;

    /// The optimizer at a place of the plan, before its first step.
    ///
    /// @param planned the optimizer and what belongs to it
    /// @param index its place in the plan, from 0
    public TrainingOptimizer(PlannedOptimizer planned, int index) {
        this.planned = planned;
        this.index = index;
        this.schedulers = planned.schedulers().stream().map(TrainingScheduler::new).toList();
        this.before = optimizer().steps();
    }

    /// {@return its place in the plan, from 0}
    public int index() {
        return index;
    }

    /// {@return the optimizer itself}
    public Optimizer optimizer() {
        return planned.optimizer();
    }

    /// {@return what the module planned for it}
    public PlannedOptimizer planned() {
        return planned;
    }

    /// {@return what changes its learning rate}
    public List<TrainingScheduler> schedulers() {
        return schedulers;
    }

    /// {@return how its gradients are clipped}
    ///
    /// @param plan says it for optimizers that have no clipping of their own
    public Optional<Clip> clip(FitPlan plan) {
        return planned.clip().or(plan::clip);
    }

    /// {@return how many steps it has made in this fit} Those that a module makes by the optimizer itself count too.
    public long steps() {
        return optimizer().steps() - before;
    }

    /// {@return what it trains}
    public List<Parameter> parameters() {
        return optimizer().parameters();
    }

    /// {@return the learning rate}
    public double learningRate() {
        return optimizer().learningRate();
    }

    /// Sets the learning rate.
    ///
    /// @param value the learning rate
    public void learningRate(double value) {
        optimizer().learningRate(value);
    }

    /// Changes the parameters by their gradients, which counts as a step.
    public void step() {
        optimizer().step();
    }

    /// Lets the optimizer call the closure as often as it needs, changes the parameters, which counts as a step. If
    /// the closure gives no loss, nothing is changed.
    ///
    /// @param closure computes the loss and its gradients, and gives the loss
    /// @return whether a step was made
    public boolean step(Supplier<OptionalDouble> closure) {
        return optimizer().step(closure::get);
    }

    /// Drops the gradients of the parameters.
    public void zeroGrad() {
        optimizer().zeroGrad();
    }

    @Override
    public Fields stateDict() {
        var states = new ArrayList<LoopState>();
        schedulers.forEach(scheduler -> states.add(scheduler.stateDict()));
        return Fields.empty()
                .with("steps", steps())
                .with("learning_rate", optimizer().learningRate())
                .with("state", TensorState.fields(optimizer().stateDict()))
                .with("schedulers", new Items(states));
    }

    @Override
    public void loadStateDict(Fields state) {
        var saved = state.items("schedulers");
        if (saved.size() != schedulers.size()) {
            throw new IllegalArgumentException(
                    "TrainingOptimizer.loadStateDict: %d schedulers of optimizer %d were saved, the module plans %d; resume with the module that was saved"
                            .formatted(saved.size(), index, schedulers.size()));
        }
        optimizer().loadStateDict(TensorState.tensors(state.fields("state")));
        optimizer().learningRate(state.real("learning_rate"));
        before = optimizer().steps() - state.num("steps");
        for (int i = 0; i < saved.size(); i++) {
            schedulers.get(i).loadStateDict((Fields) saved.get(i));
        }
    }
}
