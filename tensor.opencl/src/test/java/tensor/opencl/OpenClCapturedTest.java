package tensor.opencl;

import tensor.api.Device;
import tensor.testkit.CapturedConformance;
import tensor.testkit.NeedsDevice;

@NeedsDevice("opencl")
class OpenClCapturedTest extends CapturedConformance {
    @Override
    protected Device device() {
        return Device.of("opencl");
    }

    @Override
    protected boolean records() {
        return true;
    }
}
