package tensor.testkit;

import tensor.api.Device;

class ReferenceCapturedTest extends CapturedConformance {
    @Override
    protected Device device() {
        return Device.of("reference");
    }

    @Override
    protected boolean records() {
        return false;
    }
}
