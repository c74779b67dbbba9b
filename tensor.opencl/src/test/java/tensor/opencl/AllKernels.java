package tensor.opencl;

import tensor.gpu.DeviceTraits.Kind;
import tensor.gpu.GpuBackend;
import tensor.testkit.EveryKernel;

/// A program to run in a JVM of its own, under a tool that watches memory: launches every kernel of both kinds of device.
final class AllKernels {
    private AllKernels() {}

    /// Ends with status 0 and says `done`.
    ///
    /// @param arguments none
    public static void main(String[] arguments) {
        var driver = new OpenClDriver(OpenClDevice.all().getFirst());
        EveryKernel.foldsAndProducts(new GpuBackend("opencl", driver, Kind.CPU, true));
        EveryKernel.of(new GpuBackend("opencl", driver, Kind.GPU, true));
        System.out.println("done on " + driver.traits().name());
    }
}
