package tensor.optim;

import tensor.api.Device;
import tensor.testkit.NeedsDevice;

@NeedsDevice("opencl")
class OpenClCapturedStepTest extends CapturedStepTest {
    @Override
    Device device() {
        return Device.of("opencl");
    }
}
