package loops.recipes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// Makes a turn of each loss that a step yields, and sees to it that there is one for each optimizer.
///
/// It is made once and filled anew for every step.
final class YieldedTurns implements Yields {
    private final YieldLoop loop;
    private @Nullable SplitRun split;
    private @Nullable Step step; // none while a turn is made
    private @Nullable Throwable failure;

    // What the step has come to, for the turn that is made.
    private @Nullable Tensor loss;
    private SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    private List<Tensor> carried = List.of();

    YieldedTurns(YieldLoop loop) {
        this.loop = loop;
    }

    /// Runs a step from its start to its end.
    ///
    /// @param on what it learns from
    /// @param body the step
    void take(SplitRun on, BiConsumer<Step, Yields> body) {
        split = on;
        try {
            body.accept(moved(on), this);
            end(on);
        } finally {
            split = null;
            step = null;
            failure = null;
            forget();
        }
    }

    /// {@return the step, moved to the optimizer that has the next turn} After the last turn it stays with that optimizer.
    private Step moved(SplitRun on) {
        var all = active(on);
        int optimizer =
                all.isEmpty() ? 0 : all.get(Math.min(loop.position(), all.size() - 1)).index();
        var next = loop.step(on, optimizer);
        step = next;
        return next;
    }

    @Override
    public void yield(int optimizer, Tensor given) {
        take(optimizer, on -> loss(on, optimizer, given));
    }

    @Override
    public void leaveOut(int optimizer) {
        take(optimizer, _ -> null);
    }

    @Override
    public boolean hasTurn(int optimizer) {
        var on = open();
        var all = on.fit().scope().optimizers();
        if (!all.isEmpty() && (optimizer < 0 || optimizer >= all.size())) {
            throw new IllegalArgumentException(
                    "%s: the step on %s asks for the turn of optimizer %d; there are %s"
                            .formatted(loop.called(), on, optimizer, places(all)));
        }
        return active(on).stream().anyMatch(each -> each.index() == optimizer);
    }

    private void take(int optimizer, Function<SplitRun, @Nullable Tensor> given) {
        passFailure();
        var on = open();
        try {
            requireTurn(on, optimizer);
            turn(on, given.apply(on));
            moved(on);
        } catch (Throwable thrown) {
            failure = thrown; // even if the step catches it
            throw thrown;
        }
    }

    private void turn(SplitRun on, @Nullable Tensor given) {
        var now = Objects.requireNonNull(step);
        step = null;
        loss = given;
        outputs = now.outputs();
        carried = now.carried();
        loop.turn(on); // moves the step back to its start
        forget();
    }

    /// {@return the loss of this turn, when its step has been told what it came to}
    ///
    /// @param told the step
    @Nullable Tensor loss(Step told) {
        outputs.forEach(told::output);
        if (!carried.isEmpty()) {
            told.carry(carried.toArray(Tensor[]::new));
        }
        return loss;
    }

    private void forget() {
        loss = null;
        outputs = new LinkedHashMap<>();
        carried = List.of();
    }

    private SplitRun open() {
        var on = split;
        if (on == null || step == null) {
            throw outside();
        }
        return on;
    }

    /// {@return what says that a step yields by itself, as long as it runs}
    static IllegalStateException outside() {
        return new IllegalStateException(
                "Yields: used outside of its step, after it or by another thread; yield a loss in trainingStep");
    }

    private static List<TrainingOptimizer> active(SplitRun on) {
        return on.fit().scope().active(on.whole().index());
    }

    // ---- what a step must keep to

    private Tensor loss(SplitRun on, int optimizer, @Nullable Tensor given) {
        if (given == null) {
            throw new IllegalArgumentException(
                    "%s: the step on %s yields null for optimizer %d; yield a loss, or let the turn pass by leaveOut(%d)"
                            .formatted(loop.called(), on, optimizer, optimizer));
        }
        if (given.elementCount() != 1) {
            throw new IllegalArgumentException(
                    "%s: the step on %s yields for optimizer %d a loss of shape %s; yield one number, by mean() or sum()"
                            .formatted(loop.called(), on, optimizer, given.shape()));
        }
        return given;
    }

    /// {@return what says that a loss gives its optimizer no gradients}
    ///
    /// @param refused why
    IllegalStateException without(TrainingOptimizer optimizer, IllegalStateException refused) {
        return new IllegalStateException(
                "%s: the step on %s yields for optimizer %d a loss without gradients: %s"
                        .formatted(loop.called(), split, optimizer.index(), refused.getMessage()),
                refused);
    }

    private void requireTurn(SplitRun on, int optimizer) {
        var all = active(on);
        if (loop.position() >= all.size()) {
            throw new IllegalStateException(
                    "%s: the step on %s yields for optimizer %d when all turns are over; yield once for each of %s"
                            .formatted(loop.called(), on, optimizer, places(all)));
        }
        int next = all.get(loop.position()).index();
        if (next != optimizer) {
            throw new IllegalStateException(
                    "%s: the step on %s yields for optimizer %d when it is the turn of optimizer %d; yield once for each of %s, in this order"
                            .formatted(loop.called(), on, optimizer, next, places(all)));
        }
    }

    private void end(SplitRun on) {
        passFailure();
        var all = active(on);
        if (all.isEmpty()) {
            turn(on, null);
            return;
        }
        if (loop.position() < all.size()) {
            throw new IllegalStateException(
                    "%s: the step on %s ended without a yield for optimizer %d; yield once for each of %s, or leave it out"
                            .formatted(
                                    loop.called(),
                                    on,
                                    all.get(loop.position()).index(),
                                    places(all)));
        }
        var late = Objects.requireNonNull(step).outputs().keySet();
        if (!late.isEmpty()) {
            throw new IllegalStateException(
                    "%s: the step on %s puts out %s after its last yield, where it belongs to no optimizer; put it out before"
                            .formatted(loop.called(), on, late));
        }
        if (Objects.requireNonNull(step).hasCarried()) {
            throw new IllegalStateException(
                    "%s: the step on %s carries hidden state over after its last yield, where it belongs to no optimizer; call carry before the yield"
                            .formatted(loop.called(), on));
        }
    }

    private void passFailure() {
        if (failure != null) {
            throw Thrown.again(failure);
        }
    }

    private static List<Integer> places(List<TrainingOptimizer> all) {
        var places = new ArrayList<Integer>();
        all.forEach(optimizer -> places.add(optimizer.index()));
        return places;
    }
}
