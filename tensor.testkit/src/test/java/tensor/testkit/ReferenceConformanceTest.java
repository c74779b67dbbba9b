package tensor.testkit;

import tensor.api.Device;
import tensor.spi.Backend;

class ReferenceConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return Device.of("reference").backend();
    }
}
