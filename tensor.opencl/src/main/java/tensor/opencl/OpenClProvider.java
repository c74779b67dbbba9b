package tensor.opencl;

import java.util.List;
import tensor.gpu.GpuBackend;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Offers the OpenCL devices of this machine under the name `opencl`.
public final class OpenClProvider implements BackendProvider {

    /// Makes the provider; OpenCL is not touched.
    public OpenClProvider() {}

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public Availability availability() {
        try {
            return availability(OpenClDevice.all());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError _) {
            return new Availability.Unavailable(
                    "libOpenCL.so.1 not found; install a driver, such as Debian's pocl-opencl-icd");
        }
    }

    /// Apart from the machine, for tests.
    static Availability availability(List<OpenClDevice> devices) {
        if (devices.isEmpty()) {
            return new Availability.Unavailable(
                    "no OpenCL platform has a device; install a driver, such as Debian's pocl-opencl-icd");
        }
        if (devices.stream().noneMatch(OpenClDevice::hasDoubles)) {
            return new Availability.Unavailable(
                    "%s has no float64 (cl_khr_fp64), which kernels need"
                            .formatted(devices.getFirst().traits().name()));
        }
        return new Availability.Available();
    }

    @Override
    public Backend open() {
        OpenClDevice device =
                OpenClDevice.all().stream()
                        .filter(OpenClDevice::hasDoubles)
                        .findFirst()
                        .orElseThrow();
        return new GpuBackend(name(), new OpenClDriver(device), Boolean.getBoolean("tensor.debug"));
    }
}
