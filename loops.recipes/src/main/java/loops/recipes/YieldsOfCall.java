package loops.recipes;

import tensor.api.Tensor;

/// What one call of a step yields by: good on the thread of that call, until it has ended.
final class YieldsOfCall implements Yields, AutoCloseable {
    private final Yields turns;
    private final Thread thread = Thread.currentThread();
    private boolean over;

    /// @param turns makes the turns
    YieldsOfCall(Yields turns) {
        this.turns = turns;
    }

    @Override
    public void yield(int optimizer, Tensor loss) {
        requireInside();
        turns.yield(optimizer, loss);
    }

    @Override
    public void leaveOut(int optimizer) {
        requireInside();
        turns.leaveOut(optimizer);
    }

    @Override
    public boolean hasTurn(int optimizer) {
        requireInside();
        return turns.hasTurn(optimizer);
    }

    private void requireInside() {
        if (!Thread.currentThread().equals(thread) || over) {
            throw YieldedTurns.outside();
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
