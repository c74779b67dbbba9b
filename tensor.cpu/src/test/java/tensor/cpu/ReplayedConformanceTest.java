package tensor.cpu;

import tensor.spi.Backend;
import tensor.testkit.BackendConformance;

/// What is done again gives what the operation gives, on numbers that were not known when it was written down.
class ReplayedConformanceTest extends BackendConformance {
    private static final Backend OWNER = new CpuBackend(1, true);
    private static final Backend BACKEND = new ReplayedBackend(OWNER);

    @Override
    protected Backend backend() {
        return BACKEND;
    }

    @Override
    protected Backend owner() {
        return OWNER;
    }
}
