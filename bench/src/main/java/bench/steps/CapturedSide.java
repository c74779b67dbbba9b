package bench.steps;

import bench.Side;
import org.jspecify.annotations.Nullable;
import tensor.optim.CapturedStep;

/// Our step, plain the first time and then captured.
public final class CapturedSide implements Side, AutoCloseable {
    private final Work work;
    private final OurStep plain;
    private @Nullable CapturedStep captured;

    /// A step of this work.
    ///
    /// @param work what is learned
    public CapturedSide(Work work) {
        this.work = work;
        this.plain = new OurStep(work);
    }

    @Override
    public double run() {
        CapturedStep step = captured;
        if (step == null) {
            double loss = plain.run();
            captured = plain.captured();
            return loss;
        }
        return step.apply(work.input(), work.target()).item(); // needs no scope: it makes no tensor
    }

    @Override
    public void close() {
        if (captured != null) {
            captured.close();
        }
    }
}
