package own.loop;

import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;

/// Adds up the whole numbers from 1 to its input, one a step.
final class Triangle extends Loop<Integer, Long> {
    private final Cell<Integer> next = cell("next", 1);
    private final Cell<Long> sum = cell("sum", 0L);

    @Override
    protected void reset(Integer last) {
        next.set(1);
        sum.set(0L);
    }

    @Override
    protected boolean done(Integer last) {
        return next.get() > last;
    }

    @Override
    protected void advance(Integer last) {
        sum.set(sum.get() + next.get());
        next.set(next.get() + 1);
    }

    @Override
    protected Long onRunEnd(Integer last) {
        return sum.get();
    }

    @Override
    protected Optional<Codec<Long>> outputCodec() {
        return Optional.of(Codec.LONG);
    }
}
