package tensor.cpu;

import tensor.spi.Backend;
import tensor.testkit.BackendConformance;

/// Where module `jdk.incubator.vector` is missing.
class OneLaneConformanceTest extends BackendConformance {
    private static final Backend BACKEND = OneLane.backend(2, false);

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
