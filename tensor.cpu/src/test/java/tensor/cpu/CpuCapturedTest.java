package tensor.cpu;

import tensor.api.Device;
import tensor.testkit.CapturedConformance;

class CpuCapturedTest extends CapturedConformance {
    @Override
    protected Device device() {
        return Device.cpu();
    }

    @Override
    protected boolean records() {
        return true;
    }
}
