package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;

/// One schedule after the other, each from the rates with which the whole began.
final class SequentialSchedule implements Schedule {
    private final List<Schedule> parts;
    private final long[] milestones;

    /// Takes the milestones as they are, without a copy.
    SequentialSchedule(List<Schedule> parts, long[] milestones) {
        if (parts.isEmpty() || milestones.length != parts.size() - 1) {
            throw new IllegalArgumentException(
                    "Schedules.sequential: %d parts and %d milestones; use one milestone less than parts"
                            .formatted(parts.size(), milestones.length));
        }
        for (int i = 0; i < milestones.length; i++) {
            Settings.atLeast(
                    "Schedules.sequential",
                    "milestone",
                    i == 0 ? 1 : milestones[i - 1] + 1,
                    milestones[i]);
        }
        this.parts = parts;
        this.milestones = milestones;
    }

    @Override
    public double learningRate(long step, int group, double rate, double base) {
        int part = part(step);
        long local = step - start(part);
        return parts.get(part).learningRate(local, group, local == 0 ? base : rate, base);
    }

    @Override
    public OptionalDouble momentum(long step, int group) {
        int part = part(step);
        return parts.get(part).momentum(step - start(part), group);
    }

    @Override
    public void checkFits(Optimizer optimizer) {
        parts.forEach(part -> part.checkFits(optimizer));
    }

    private int part(long step) {
        int part = 0;
        while (part < milestones.length && milestones[part] <= step) {
            part++;
        }
        return part;
    }

    private long start(int part) {
        return part == 0 ? 0 : milestones[part - 1];
    }
}
