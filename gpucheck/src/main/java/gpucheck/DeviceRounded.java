package gpucheck;

import tensor.api.Device;
import tensor.spi.Backend;
import tensor.testkit.RoundedProductConformance;

/// On the current device, a GPU whose own products round as `-Dtensor.cuda.matmul` says.
final class DeviceRounded extends RoundedProductConformance {
    @Override
    protected Backend backend() {
        return Device.current().backend();
    }

    @Override
    protected int digits() {
        return Arithmetic.NAME.endsWith("tf32")
                ? 10
                : Arithmetic.NAME.endsWith("bfloat16") ? 7 : 23;
    }
}
