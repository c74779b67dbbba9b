package conformance.kit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import loops.api.Loop;
import org.jspecify.annotations.Nullable;

/// A loop with children that does nothing; it fits wherever its types do.
///
/// @param <I> what it works on
/// @param <O> what it would return
public final class NestedLoop<I, O extends @Nullable Object> extends Loop<I, O> {
    private final boolean done;
    private final Map<String, Loop<I, O>> children = new LinkedHashMap<>();

    /// A loop.
    ///
    /// @param done whether it is done from the start
    /// @param children the names of its children, which have none themselves
    public NestedLoop(boolean done, List<String> children) {
        this.done = done;
        for (String name : children) {
            var child = new NestedLoop<I, O>(done, List.of());
            slot(name, child);
            this.children.put(name, child);
        }
    }

    /// {@return the children by name, in their order}
    public Map<String, Loop<I, O>> children() {
        return children;
    }

    @Override
    protected boolean done(I input) {
        return done;
    }

    @Override
    protected void advance(I input) {}
}
