package tensor.cpu;

import tensor.api.Device;
import tensor.spi.Backend;
import tensor.testkit.BackendConformance;

/// Run again with vectors of 128 and of 256 bits and with one thread, see the module's `pom.xml`.
class CpuConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return Device.cpu().backend();
    }
}
