package loops.api.testkit;

import java.util.Optional;
import loops.api.Call;
import loops.api.Codec;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Slot;
import org.jspecify.annotations.Nullable;

/// A loop around another one that adds nothing: it runs it once, on its own input, and returns its output.
///
/// @param <I> what the loop inside works on
/// @param <O> what it returns
public final class PassThrough<I, O extends @Nullable Object> extends Loop<I, O> {
    /// The place of the loop inside.
    public static final String INNER = "inner";

    private final Slot<I, O> inner;

    /// A loop around `inner`.
    ///
    /// @param inner the loop inside
    public PassThrough(Loop<I, O> inner) {
        this.inner = slot(INNER, inner);
    }

    @Override
    protected boolean done(I input) {
        return true;
    }

    @Override
    protected void advance(I input) {
        throw new IllegalStateException("PassThrough: makes no steps of its own");
    }

    @Override
    protected O onRunEnd(I input) {
        return inner.run(input);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.onRunEnd(Call.runs(inner));
    }

    @Override
    protected Optional<Codec<O>> outputCodec() {
        return inner.outputCodec();
    }
}
