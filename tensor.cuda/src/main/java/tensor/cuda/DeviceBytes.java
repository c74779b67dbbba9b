package tensor.cuda;

import jcuda.driver.CUdeviceptr;
import tensor.gpu.Driver;

/// Memory of a device.
final class DeviceBytes extends CUdeviceptr implements Driver.Memory {
    /// {@return where it lies, as the device counts}
    long address() {
        return getNativePointer() + getByteOffset();
    }
}
