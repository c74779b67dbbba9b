package gpucheck;

import tensor.api.Device;
import tensor.spi.Backend;
import tensor.testkit.BackendConformance;

/// On the current device.
final class DeviceConformance extends BackendConformance {
    @Override
    protected Backend backend() {
        return Device.current().backend();
    }

    /// A library of the maker's may sum in another order where a matrix is transposed.
    @Override
    protected boolean layoutsOfProductsKeepBits() {
        return !Arithmetic.isOfTheMaker(backend().name());
    }
}
