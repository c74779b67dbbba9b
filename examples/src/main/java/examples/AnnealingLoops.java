package examples;

import loops.api.Cell;
import loops.api.Hook;
import loops.api.Listeners;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.Slot;

/// Simulated annealing on a hilly line: restarts, in each of them sweeps that cool down, in each sweep moves. Of the
/// framework it needs `loops.api` alone.
final class AnnealingLoops {
    private AnnealingLoops() {}

    /// What each loop works on: the place to begin at, how bold the moves are, and who is told.
    record Search(double x, double heat, Listeners listeners) {}

    /// A place was found that is lower than all before.
    record NewBest(long restart, double x) {}

    static double height(double x) {
        return x * x / 100 + 1 - StrictMath.cos(3 * x);
    }

    /// A number of steps that change one place, which is the output.
    abstract static class Steps extends Loop<Search, Double> {
        final LongCell step = longCell("step", 0);
        final Cell<Double> x = cell("x", 0.0);
        private final int limit;

        Steps(int limit) {
            this.limit = limit;
        }

        @Override
        protected void reset(Search in) {
            step.set(0);
            x.set(in.x);
        }

        @Override
        protected boolean done(Search in) {
            return step.get() == limit;
        }

        @Override
        protected Double onRunEnd(Search in) {
            return x.get();
        }
    }

    /// Begins at several places and keeps the best.
    static final class Restarts extends Steps {
        private final Hook<NewBest> newBest = hook("new_best", NewBest.class);
        private final Slot<Search, Double> sweeps = slot("sweeps", new Sweeps());

        Restarts() {
            super(5);
        }

        @Override
        protected void advance(Search in) {
            double found = sweeps.run(new Search(4 * step.get() - 10, in.heat, in.listeners));
            step.increment(); // after the last child all is free: no resumed run does it again
            if (height(found) < height(x.get())) {
                x.set(found);
                newBest.fire(in.listeners, new NewBest(step.get(), found));
            }
        }
    }

    /// Cools down.
    static final class Sweeps extends Steps {
        private final Slot<Search, Double> moves = slot("moves", new Moves());

        Sweeps() {
            super(20);
        }

        @Override
        protected void advance(Search in) {
            double heat = in.heat / (1.0 + step.get());
            x.set(moves.run(new Search(x.get(), heat, in.listeners)));
            step.increment();
        }
    }

    /// Moves about, upwards the more rarely the colder it is.
    static final class Moves extends Steps {
        private final LongCell random = longCell("random", 1);

        Moves() {
            super(30);
        }

        @Override
        protected void advance(Search in) {
            double near = x.get() + 6 * in.heat * (draw() - 0.5);
            if (draw() < StrictMath.exp((height(x.get()) - height(near)) / in.heat)) {
                x.set(near);
            }
            step.increment();
        }

        private double draw() {
            random.set(random.get() * 6364136223846793005L + 1442695040888963407L);
            return (random.get() >>> 11) * 0x1p-53;
        }
    }
}
