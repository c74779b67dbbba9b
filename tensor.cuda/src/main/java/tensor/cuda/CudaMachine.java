package tensor.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// What a search for CUDA on this machine gives: all that is needed, or what is missing.
sealed interface CudaMachine {
    /// The first CUDA that we work with.
    int LEAST_MAJOR = 12;

    /// The property that says `off` where kernels are not to be compiled, though they could be.
    String COMPILER = "tensor.cuda.nvrtc";

    /// What it says.
    String OFF = "off";

    /// The driver's library.
    String DRIVER = "libcuda.so.1";

    /// Kernels can run here.
    ///
    /// @param driver the driver's library
    /// @param compiler of kernels, or what stands for one
    /// @param folders where other libraries are
    /// @param version the CUDA that the driver knows: 13000 is 13.0
    /// @param devices which the compiler has a target for, at least one
    record Ready(
            ForeignLibrary driver,
            KernelCompiler compiler,
            LibraryFolders folders,
            int version,
            List<CudaDevice> devices)
            implements CudaMachine {}

    /// They cannot.
    ///
    /// @param reason what is missing and what to do, one line
    record Missing(String reason) implements CudaMachine {}

    /// {@return what there is}
    ///
    /// @param folders where to look for libraries
    static CudaMachine search(LibraryFolders folders) {
        return search(folders, System.getProperty(COMPILER, ""));
    }

    /// {@return the same}
    ///
    /// @param property what the user says of the compiler
    static CudaMachine search(LibraryFolders folders, String property) {
        if (folders.open(DRIVER).isEmpty()) {
            return new Missing(
                    "the NVIDIA driver (%s) is not installed on this machine".formatted(DRIVER));
        }
        try {
            JCudaNatives.load();
        } catch (LinkageError e) {
            return new Missing(
                    "JCuda's native library, which is for Linux on x86-64, does not load: "
                            + JCudaNatives.reason(e));
        }
        ForeignLibrary driver = ForeignLibrary.open(DRIVER).orElseThrow(); // JCuda's, by its name
        int status = JCudaDriver.cuInit(0);
        if (status == CUresult.CUDA_ERROR_NO_DEVICE) {
            return noDevice();
        }
        if (status != CUresult.CUDA_SUCCESS) {
            return new Missing(
                    "the NVIDIA driver does not start: %s; see what nvidia-smi says"
                            .formatted(Status.text(status)));
        }
        int version = Status.number("cuDriverGetVersion", JCudaDriver::cuDriverGetVersion);
        if (version / 1000 < LEAST_MAJOR) {
            return new Missing(
                    "the NVIDIA driver knows CUDA %s, needs %d.0; update it"
                            .formatted(text(version), LEAST_MAJOR));
        }
        KernelCompiler compiler =
                property.equals(OFF)
                        ? new BundledPtx("-D%s=%s leaves NVRTC out".formatted(COMPILER, OFF))
                        : compiler(folders, version);
        return withDevices(driver, compiler, folders, version);
    }

    private static CudaMachine withDevices(
            ForeignLibrary driver, KernelCompiler compiler, LibraryFolders folders, int version) {
        int count = Status.number("cuDeviceGetCount", JCudaDriver::cuDeviceGetCount);
        if (count == 0) {
            return noDevice();
        }
        List<CudaDevice> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var id = new CUdevice();
            Status.check("cuDeviceGet", JCudaDriver.cuDeviceGet(id, i));
            all.add(CudaDevice.of(id));
        }
        List<CudaDevice> able =
                all.stream()
                        .filter(device -> compiler.target(device.capability()).isPresent())
                        .toList();
        return able.isEmpty()
                ? new Missing(
                        "%s is older than what %s is for; install an older NVRTC"
                                .formatted(all.getFirst().text(), compiler.version()))
                : new Ready(driver, compiler, folders, version, able);
    }

    private static Missing noDevice() {
        return new Missing(
                "the NVIDIA driver finds no device; see what nvidia-smi says, and CUDA_VISIBLE_DEVICES");
    }

    private static KernelCompiler compiler(LibraryFolders folders, int version) {
        int major = version / 1000;
        Optional<Nvrtc> found = Nvrtc.find(folders, major);
        if (found.isPresent()) {
            return found.get();
        }
        return new BundledPtx(
                folders.open("libnvrtc.so." + (major + 1))
                        .map(later ->
                                "%s is newer than the NVIDIA driver, which knows CUDA %s; update the driver, or install the NVRTC of CUDA %d"
                                        .formatted(later.name(), text(version), major))
                        .orElse(
                                "NVRTC (libnvrtc.so.%d), which compiles kernels, is not found; install it by 'pip install nvidia-cuda-nvrtc' or with the CUDA toolkit, or name its folder by -D%s"
                                        .formatted(major, LibraryFolders.PROPERTY)));
    }

    /// {@return 13000 as 13.0}
    static String text(int version) {
        return "%d.%d".formatted(version / 1000, version % 1000 / 10);
    }
}
