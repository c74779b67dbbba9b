package tensor.cuda;

import java.util.Optional;
import tensor.gpu.GpuBackend;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Offers the CUDA devices of this machine under the name `cuda`.
///
/// `-Dtensor.cuda.libs` names folders with CUDA's libraries, `-Dtensor.cuda.cache` the folder of compiled kernels (or `off`),
/// `-Dtensor.cuda.nvrtc=off` takes those of the bundle though there is a compiler,
/// and `-Dtensor.cuda.matmul` how float32 matrices are multiplied: `float32`, `tf32` or `bfloat16`, by cuBLAS where it is, or
/// else by our own kernels; and `own`, `own-tf32` or `own-bfloat16` by these in any case.
public final class CudaProvider implements BackendProvider {
    private static final System.Logger LOG = System.getLogger(CudaProvider.class.getName());

    /// Makes the provider; CUDA is not touched.
    public CudaProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability availability() {
        return availability(LibraryFolders.ofThisMachine());
    }

    /// Apart from the machine, for tests.
    static Availability availability(LibraryFolders folders) {
        try {
            return switch (CudaMachine.search(folders)) {
                case CudaMachine.Missing(String reason) -> new Availability.Unavailable(reason);
                case CudaMachine.Ready machine ->
                        new Availability.Available(
                                machine.devices().stream()
                                        .map(device -> found(machine, device))
                                        .toList());
            };
        } catch (IllegalStateException e) {
            // a library that is damaged, or another one: other devices still work
            return new Availability.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static Availability.Found found(CudaMachine.Ready machine, CudaDevice device) {
        Optional<ForeignLibrary> library = Cublas.find(machine.folders(), machine.version() / 1000);
        return new Availability.Found(
                "%s, %d MB%s, %s"
                        .formatted(
                                device.name(),
                                device.byteSize() >> 20,
                                device.memoryRate() == 0
                                        ? ""
                                        : ", memory of %d GB/s".formatted(device.memoryRate()),
                                CudaDriver.versions(machine, device, library)),
                true);
    }

    @Override
    public Backend open(int number) {
        return switch (CudaMachine.search(LibraryFolders.ofThisMachine())) {
            case CudaMachine.Missing(String reason) -> throw new IllegalStateException(reason);
            case CudaMachine.Ready machine -> open(machine, number);
        };
    }

    private Backend open(CudaMachine.Ready machine, int number) {
        if (!machine.compiler().takesAnyText()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "device 'cuda': " + machine.compiler().description());
        }
        KernelCompiler compiler =
                CodeCache.of(
                        machine.compiler(),
                        System.getProperty(CodeCache.PROPERTY, ""),
                        System.getenv());
        MatrixArithmetic arithmetic =
                MatrixArithmetic.of(System.getProperty(MatrixArithmetic.PROPERTY, "float32"));
        return new GpuBackend(
                number == 0 ? name() : name() + ":" + number,
                new CudaDriver(machine, machine.devices().get(number), compiler, arithmetic),
                Boolean.getBoolean("tensor.debug"));
    }
}
