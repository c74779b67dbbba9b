package tensor.opencl;

import java.util.List;
import tensor.gpu.DeviceTraits;
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
        List<OpenClDevice> able = able(devices);
        return able.isEmpty()
                ? new Availability.Unavailable(
                        "%s has no float64 (cl_khr_fp64), which kernels need"
                                .formatted(devices.getFirst().traits().name()))
                : new Availability.Available(able.stream().map(OpenClProvider::found).toList());
    }

    private static List<OpenClDevice> able(List<OpenClDevice> devices) {
        return devices.stream().filter(OpenClDevice::hasDoubles).toList();
    }

    private static Availability.Found found(OpenClDevice device) {
        DeviceTraits traits = device.traits();
        return new Availability.Found(
                "%s, %d MB, %s"
                        .formatted(traits.name(), traits.byteSize() >> 20, traits.versions()),
                traits.kind() == DeviceTraits.Kind.GPU);
    }

    @Override
    public Backend open(int number) {
        OpenClDevice device = able(OpenClDevice.all()).get(number);
        return new GpuBackend(
                number == 0 ? name() : name() + ":" + number,
                new OpenClDriver(device),
                Boolean.getBoolean("tensor.debug"));
    }
}
