package tensor.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/// A device, as the driver describes it.
///
/// @param id the driver's
/// @param name the maker's
/// @param capability the compute capability: 90 is 9.0
/// @param byteSize of its memory
/// @param memoryRate how many GB/s its memory moves at most, or 0 where the driver does not say
record CudaDevice(CUdevice id, String name, int capability, long byteSize, long memoryRate) {
    private static final int NAME_BYTES = 256;

    static CudaDevice of(CUdevice id) {
        byte[] name = new byte[NAME_BYTES];
        Status.check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, id));
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        long[] byteSize = new long[1];
        Status.check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(byteSize, id));
        int major = attribute(id, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        int minor = attribute(id, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        return new CudaDevice(
                id,
                new String(name, 0, length, StandardCharsets.UTF_8),
                10 * major + minor,
                byteSize[0],
                memoryRate(id));
    }

    /// {@return the name, and the capability as it is written}
    String text() {
        return "%s (compute capability %d.%d)".formatted(name, capability / 10, capability % 10);
    }

    /// Of each line of the bus, two bits in each beat of the clock.
    private static long memoryRate(CUdevice id) {
        long kilohertz = attribute(id, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE);
        long bits = attribute(id, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH);
        return 2 * kilohertz * bits / Byte.SIZE / 1_000_000;
    }

    private static int attribute(CUdevice id, int which) {
        return Status.number(
                "cuDeviceGetAttribute",
                value -> JCudaDriver.cuDeviceGetAttribute(value, which, id));
    }
}
