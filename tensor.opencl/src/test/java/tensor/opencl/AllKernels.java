package tensor.opencl;

import java.util.List;
import tensor.gpu.DeviceTraits;
import tensor.gpu.DeviceTraits.Kind;
import tensor.gpu.Factors;
import tensor.gpu.GpuBackend;
import tensor.testkit.EveryKernel;

/// A program to run in a JVM of its own, under a tool that watches memory: launches every kernel of both kinds of
/// device, and of those without a compiler.
final class AllKernels {
    private AllKernels() {}

    /// Ends with status 0 and says `done`.
    ///
    /// @param arguments none
    public static void main(String[] arguments) {
        var driver = new OpenClDriver(OpenClDevice.all().getFirst());
        DeviceTraits traits = driver.traits();
        EveryKernel.foldsAndProducts(backend(driver, traits.with(Kind.CPU)));
        EveryKernel.of(backend(driver, traits.with(Kind.GPU)));
        EveryKernel.programs(backend(driver, traits.interpreting(4096)));
        for (Factors factors : List.of(Factors.TF32, Factors.BFLOAT16)) {
            EveryKernel.products(backend(driver, traits.with(Kind.GPU).with(factors)));
        }
        System.out.println("done on " + driver.traits().name());
    }

    private static GpuBackend backend(OpenClDriver driver, DeviceTraits traits) {
        return new GpuBackend("opencl", driver, traits, true);
    }
}
