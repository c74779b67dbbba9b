package bench.steps;

import bench.Side;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.optim.Adam;
import tensor.optim.CapturedStep;
import tensor.optim.Optimizer;

/// A training step by our engine: loss, gradients, Adam.
public final class OurStep implements Side {
    private final Work work;
    private final Optimizer optimizer;

    /// A step of this work.
    ///
    /// @param work what is learned
    public OurStep(Work work) {
        this.work = work;
        optimizer = Adam.of(work.model().parameters(), work.rate());
    }

    @Override
    public double run() {
        return TensorScope.call(
                "step",
                _ -> {
                    optimizer.zeroGrad();
                    Tensor loss = work.loss().apply(work.input(), work.target());
                    loss.backward();
                    optimizer.step();
                    return loss.item();
                });
    }

    /// {@return the same step, captured} One was made before.
    public CapturedStep captured() {
        return CapturedStep.of(
                optimizer,
                in -> work.loss().apply(in.get(0), in.get(1)),
                work.input(),
                work.target());
    }
}
