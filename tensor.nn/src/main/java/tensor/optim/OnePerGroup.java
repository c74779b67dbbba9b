package tensor.optim;

/// A schedule that treats every group in its own way, so it needs to know all of them.
record OnePerGroup(String where, int count, Schedule each) implements Schedule {
    @Override
    public double learningRate(long step, int group, double rate, double base) {
        return each.learningRate(step, group, rate, base);
    }

    @Override
    public void checkFits(Optimizer optimizer) {
        if (optimizer.groups().size() != count) {
            throw new IllegalArgumentException(
                    "%s: there are %d functions, but the optimizer has %d groups; give one a group"
                            .formatted(where, count, optimizer.groups().size()));
        }
    }
}
