package tensor.optim;

/// The bounds between which a schedule moves the momentum, against the learning rate.
///
/// @param low where the rate is highest
/// @param high where the rate is lowest
record MomentumCycle(double low, double high) {
    void checkFits(String where, Optimizer optimizer) {
        for (ParameterGroup group : optimizer.groups()) {
            if (group.momentum().isEmpty()) {
                throw new IllegalArgumentException(
                        "%s: %s has no momentum to move; use fixedMomentum()"
                                .formatted(where, group.kind()));
            }
        }
    }
}
