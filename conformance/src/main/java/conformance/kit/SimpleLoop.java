package conformance.kit;

import java.util.Optional;
import loops.api.Cell;
import loops.api.Loop;
import loops.api.Slot;
import org.jspecify.annotations.Nullable;

/// Remembers a value and counts its steps; each step runs the child, if there is one.
public final class SimpleLoop extends Loop<Integer, @Nullable Void> {
    /// What loops of one kind have in common.
    ///
    /// @param attribute the name of the value
    /// @param counter the name of the count
    /// @param child the name of the child
    /// @param increment what each step adds to the count
    /// @param limit the loop is done when the count is greater
    public record Kind(String attribute, String counter, String child, int increment, int limit) {}

    private final Kind kind;
    private final Cell<Integer> count;
    private final Optional<Slot<Integer, @Nullable Void>> child;

    /// A loop with a value.
    ///
    /// @param kind the names of its parts
    /// @param value the value
    /// @param child the loop below it, if any
    public SimpleLoop(Kind kind, int value, Optional<Loop<Integer, @Nullable Void>> child) {
        this.kind = kind;
        cell("state_dict." + kind.attribute(), value);
        this.count = cell("progress." + kind.counter(), 0);
        this.child = child.map(loop -> slot(kind.child(), loop));
    }

    /// Replaces the child by a loop that remembers nothing, as a slot is never empty.
    ///
    /// @param name the name of the child
    public void removeChild(String name) {
        child.filter(slot -> slot.name().equals(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no child " + name))
                .connect(new Nothing());
    }

    @Override
    protected void reset(Integer input) {
        count.set(0);
    }

    @Override
    protected boolean done(Integer input) {
        return count.get() > kind.limit();
    }

    @Override
    protected void advance(Integer input) {
        child.ifPresent(slot -> slot.run(input));
    }

    @Override
    protected void onAdvanceEnd(Integer input) {
        count.set(count.get() + kind.increment());
    }

    private static final class Nothing extends Loop<Integer, @Nullable Void> {
        @Override
        protected boolean done(Integer input) {
            return true;
        }

        @Override
        protected void advance(Integer input) {}
    }
}
