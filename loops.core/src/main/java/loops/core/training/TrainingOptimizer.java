package loops.core.training;

import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import tensor.api.Parameter;
import tensor.optim.Optimizer;

/// One of a module's optimizers, with the number of steps it has made.
public final class TrainingOptimizer implements Stateful {
    private final Optimizer optimizer;
    private final int index;
    private long steps;

    /// The optimizer at a place of the plan, before its first step.
    ///
    /// @param optimizer the optimizer
    /// @param index its place in the plan, from 0
    public TrainingOptimizer(Optimizer optimizer, int index) {
        this.optimizer = optimizer;
        this.index = index;
    }

    /// {@return its place in the plan, from 0}
    public int index() {
        return index;
    }

    /// {@return how many steps it has made in this fit}
    public long steps() {
        return steps;
    }

    /// {@return what it trains}
    public List<Parameter> parameters() {
        return optimizer.parameters();
    }

    /// {@return the learning rate}
    public double learningRate() {
        return optimizer.learningRate();
    }

    /// Sets the learning rate.
    ///
    /// @param value the learning rate
    public void learningRate(double value) {
        optimizer.learningRate(value);
    }

    /// Changes the parameters by their gradients, and counts it.
    public void step() {
        optimizer.step();
        steps++;
    }

    /// Drops the gradients of the parameters.
    public void zeroGrad() {
        optimizer.zeroGrad();
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("steps", steps)
                .with("learning_rate", optimizer.learningRate())
                .with("state", TensorState.fields(optimizer.stateDict()));
    }

    @Override
    public void loadStateDict(Fields state) {
        optimizer.loadStateDict(TensorState.tensors(state.fields("state")));
        optimizer.learningRate(state.real("learning_rate"));
        steps = state.num("steps");
    }
}
