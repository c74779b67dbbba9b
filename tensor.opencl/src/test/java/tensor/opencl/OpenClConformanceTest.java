package tensor.opencl;

import tensor.api.Device;
import tensor.spi.Backend;
import tensor.testkit.BackendConformance;
import tensor.testkit.NeedsDevice;

/// On the first OpenCL device, with the kernels that suit it.
@NeedsDevice("opencl")
class OpenClConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return Device.of("opencl").backend();
    }
}
