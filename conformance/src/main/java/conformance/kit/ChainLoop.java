package conformance.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Loop;
import loops.api.LoopState;
import loops.api.Slot;

/// Makes one step, in which it runs the loop below it, if there is one.
public final class ChainLoop extends Loop<Integer, Void> {
    private final Cell<Boolean> stepped = cell("stepped", false);
    private final Optional<ChainLoop> below;
    private final Optional<Slot<Integer, Void>> child;

    /// A loop above another one, or alone.
    ///
    /// @param name the name of the child, if there is one
    /// @param below the child, if there is one
    public ChainLoop(String name, Optional<ChainLoop> below) {
        this.below = below;
        this.child = below.map(loop -> slot(name, loop));
    }

    /// {@return this loop and all below it, from the top}
    public List<ChainLoop> chain() {
        var chain = new ArrayList<ChainLoop>();
        for (Optional<ChainLoop> loop = Optional.of(this);
                loop.isPresent();
                loop = loop.get().below) {
            chain.add(loop.get());
        }
        return chain;
    }

    /// Does what a restart does to a tree that was cut where all its loops were at work: takes over the state.
    public void restart() {
        var states = new ArrayList<LoopState.Fields>();
        String deepest = chain().getLast().path();
        run(
                0,
                point -> {
                    if (!point.ended() && point.path().equals(deepest)) {
                        states.add(point.state());
                    }
                });
        loadStateDict(states.getFirst());
    }

    @Override
    protected void reset(Integer input) {
        stepped.set(false);
    }

    @Override
    protected boolean done(Integer input) {
        return stepped.get();
    }

    @Override
    protected void advance(Integer input) {
        child.ifPresent(slot -> slot.run(input));
    }

    @Override
    protected void onAdvanceEnd(Integer input) {
        stepped.set(true);
    }
}
