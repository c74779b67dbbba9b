package tensor.opencl;

import tensor.gpu.DeviceTraits;
import tensor.gpu.GpuBackend;
import tensor.spi.Backend;
import tensor.testkit.NeedsDevice;
import tensor.testkit.ProgramConformance;

/// Programs by the kernel that interprets them, on the first OpenCL device: they give the bits of the compiled primitives.
@NeedsDevice("opencl")
class InterpretedProgramsTest extends ProgramConformance {
    /// What this kernel needs, and PoCL takes though it promises a quarter of it.
    private static final int PARAMETER_BYTES = 4096;

    private static final OpenClDriver DRIVER = new OpenClDriver(OpenClDevice.all().getFirst());
    private static final DeviceTraits TRAITS = DRIVER.traits().interpreting(PARAMETER_BYTES);
    private static final Backend BACKEND = new GpuBackend("opencl", DRIVER, TRAITS, true);

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
