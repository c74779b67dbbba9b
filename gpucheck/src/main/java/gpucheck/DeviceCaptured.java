package gpucheck;

import tensor.api.Device;
import tensor.testkit.CapturedConformance;

/// On the current device.
final class DeviceCaptured extends CapturedConformance {
    @Override
    protected Device device() {
        return Device.current();
    }

    @Override
    protected boolean records() {
        return true;
    }
}
