package loops.recipes;

import java.util.function.Consumer;

/// A [YieldLoop] whose step is a generator: it runs on a virtual thread of its own, stands still at each yield, and goes
/// on when the loop has made the turn.
///
/// So turns and hooks run on the thread that runs the loop, and what the step has open around a yield, a `noGrad` or a
/// lock, does not hold for them. The step sees the device, the scope and all else of the loop's
/// [TensorContext][tensor.api.TensorContext]; it does not see what else is bound to the loop's thread. The numbers are those
/// of a [YieldLoop], to the last bit, and so are the states: what one has saved the other goes on with.
///
/// As there, safe points lie between batches only: the stack of a thread cannot be saved.
///
/// What the step throws comes out of this loop, and what a turn throws comes out of `y.yield` first. In every case the
/// step has run to its end before the advance has.
public class GeneratorLoop extends YieldLoop {
    /// A loop that takes the losses of a yielding step.
    public GeneratorLoop() {}

    @Override
    void runStep(Consumer<Yields> step, Yields y) {
        new Generator(step, y).run();
    }

    @Override
    String called() {
        return "GeneratorLoop";
    }
}
