package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;

/// Several schedules at once, each working on the rate that the one before gives.
record ChainedSchedule(List<Schedule> parts) implements Schedule {
    ChainedSchedule {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("Schedules.chained: there is no part; give one");
        }
    }

    @Override
    public double learningRate(long step, int group, double rate, double base) {
        double changed = rate;
        for (Schedule part : parts) {
            changed = part.learningRate(step, group, changed, base);
        }
        return changed;
    }

    @Override
    public OptionalDouble momentum(long step, int group) {
        OptionalDouble last = OptionalDouble.empty();
        for (Schedule part : parts) {
            OptionalDouble its = part.momentum(step, group);
            last = its.isPresent() ? its : last;
        }
        return last;
    }

    @Override
    public void checkFits(Optimizer optimizer) {
        parts.forEach(part -> part.checkFits(optimizer));
    }
}
