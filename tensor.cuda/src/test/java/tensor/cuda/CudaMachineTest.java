package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.spi.Availability;

/// What is said of a machine that cannot, or can.
class CudaMachineTest {
    private static final LibraryFolders NONE = new LibraryFolders(List.of(), List.of());

    @TempDir private Path folder;

    @Test
    void withoutADriver() {
        if (ForeignLibrary.open(CudaMachine.DRIVER).isEmpty()) {
            assertMissing(
                    "the NVIDIA driver (libcuda.so.1) is not installed on this machine", NONE);
        }
    }

    @Test
    void withoutADevice() {
        LibraryFolders folders = FakeCuda.folders();

        FakeCuda.with(
                "FAKE_CUDA_INIT",
                "100",
                () ->
                        assertMissing(
                                "the NVIDIA driver finds no device; see what nvidia-smi says, and CUDA_VISIBLE_DEVICES",
                                folders));
        FakeCuda.with(
                "FAKE_CUDA_DEVICES",
                "0",
                () ->
                        assertMissing(
                                "the NVIDIA driver finds no device; see what nvidia-smi says, and CUDA_VISIBLE_DEVICES",
                                folders));
    }

    @Test
    void withALibraryThatIsAnother() throws IOException {
        Path fake = FakeCuda.folders().named().getFirst();
        Files.createSymbolicLink(
                folder.resolve(CudaMachine.DRIVER), fake.resolve(CudaMachine.DRIVER));
        Path other = folder.resolve("libnvrtc.so.13");
        Files.createSymbolicLink(other, fake.resolve("libcublas.so.13"));

        assertEquals(
                new Availability.Unavailable(
                        "cuda: %s has no function nvrtcVersion; needs one of CUDA 12 or 13"
                                .formatted(other)),
                CudaProvider.availability(new LibraryFolders(List.of(folder), List.of())));
    }

    @Test
    void withADriverThatDoesNotStart() {
        LibraryFolders folders = FakeCuda.folders();

        FakeCuda.with(
                "FAKE_CUDA_INIT",
                "803",
                () ->
                        assertMissing(
                                "the NVIDIA driver does not start: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803), said by the fake; see what nvidia-smi says",
                                folders));
    }

    @Test
    void withADriverThatIsTooOld() {
        LibraryFolders folders = FakeCuda.folders();

        FakeCuda.with(
                "FAKE_CUDA_VERSION",
                "11040",
                () ->
                        assertMissing(
                                "the NVIDIA driver knows CUDA 11.4, needs 12.0; update it",
                                folders));
    }

    @Test
    void withACompilerThatTheDriverDoesNotKnow() {
        LibraryFolders folders = FakeCuda.folders();
        Path later = folders.named().getFirst().resolve("libnvrtc.so.13");

        FakeCuda.with(
                "FAKE_CUDA_VERSION",
                "12040",
                () ->
                        assertBundled(
                                later
                                        + " is newer than the NVIDIA driver, which knows CUDA 12.4; update the driver, or install the NVRTC of CUDA 12",
                                folders));
    }

    @Test
    void withoutACompiler() throws IOException {
        Path driver = FakeCuda.folders().named().getFirst().resolve(CudaMachine.DRIVER);
        Files.createSymbolicLink(folder.resolve(CudaMachine.DRIVER), driver);

        if (ForeignLibrary.open("libnvrtc.so.13").isEmpty()) {
            assertBundled(
                    "NVRTC (libnvrtc.so.13), which compiles kernels, is not found; install it by 'pip install nvidia-cuda-nvrtc' or with the CUDA toolkit, or name its folder by -Dtensor.cuda.libs",
                    new LibraryFolders(List.of(folder), List.of()));
        }
    }

    @Test
    void withoutACompilerThatIsWanted() {
        LibraryFolders folders = FakeCuda.folders();

        CudaMachine off = CudaMachine.search(folders, "off");

        assertEquals(
                "bundled PTX, which interprets fusions and is slower with them: -Dtensor.cuda.nvrtc=off leaves NVRTC out",
                ((CudaMachine.Ready) off).compiler().description());
        FakeCuda.with(
                "FAKE_CUDA_CAPABILITY",
                "61",
                () ->
                        assertEquals(
                                new CudaMachine.Missing(
                                        "Fake 0 (compute capability 6.1) is older than what bundled PTX is for; install an older NVRTC"),
                                CudaMachine.search(folders, "off")));
    }

    /// What a user is told in one line by `./loops devices`.
    private static void assertBundled(String advice, LibraryFolders folders) {
        var available = (Availability.Available) CudaProvider.availability(folders);
        String description = available.devices().getFirst().description();
        String expected =
                "bundled PTX, which interprets fusions and is slower with them: " + advice;

        assertEquals(
                expected, description.substring(Math.max(0, description.indexOf("bundled PTX"))));
    }

    @Test
    void withADeviceThatIsTooOld() {
        LibraryFolders folders = FakeCuda.folders();

        FakeCuda.with(
                "FAKE_CUDA_CAPABILITY",
                "61",
                () ->
                        assertMissing(
                                "Fake 0 (compute capability 6.1) is older than what NVRTC 13.0 is for; install an older NVRTC",
                                folders));
    }

    @Test
    void aDeviceThatIsNewerThanTheCompilerGetsWhatTheDriverTranslates() {
        CudaMachine.Ready machine = FakeCuda.machine();

        assertEquals("sm_90", machine.compiler().target(90).orElseThrow());
        assertEquals("compute_80", machine.compiler().target(86).orElseThrow());
        assertEquals("compute_90", machine.compiler().target(120).orElseThrow());
    }

    @Test
    void allDevicesAreNamed() {
        FakeCuda.with(
                "FAKE_CUDA_DEVICES",
                "2",
                () ->
                        assertEquals(
                                List.of("Fake 0", "Fake 1"),
                                FakeCuda.machine().devices().stream()
                                        .map(CudaDevice::name)
                                        .toList()));
    }

    @Test
    void aDeviceIsDescribedWithWhatItsMemoryMoves() {
        LibraryFolders folders = FakeCuda.folders();
        String end = ", compute capability 8.0, driver for CUDA 13.0, cuBLAS 13.0, NVRTC 13.0";

        assertEquals("Fake 0, 1024 MB, memory of 1555 GB/s" + end, description(folders));
        FakeCuda.with(
                "FAKE_CUDA_MEMORY_CLOCK",
                "0",
                () -> assertEquals("Fake 0, 1024 MB" + end, description(folders)));
    }

    private static String description(LibraryFolders folders) {
        return switch (CudaProvider.availability(folders)) {
            case Availability.Available(var devices) -> devices.getFirst().description();
            case Availability.Unavailable(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void librariesAreLookedForWherePythonAndToolkitsHaveThem() throws IOException {
        Path wheels = folder.resolve("lib/python3.12/site-packages/nvidia/cu13/lib");
        Path toolkit = folder.resolve("toolkit/lib64");
        Files.createDirectories(wheels);
        Files.createDirectories(toolkit);
        Map<String, String> environment =
                Map.of(
                        "VIRTUAL_ENV",
                        folder.toString(),
                        "CUDA_HOME",
                        folder.resolve("toolkit").toString());

        LibraryFolders folders = LibraryFolders.of("/a:/b", environment);

        assertEquals(List.of(Path.of("/a"), Path.of("/b")), folders.named());
        assertEquals(
                List.of(toolkit, wheels, folder.resolve("lib")), folders.usual().subList(0, 3));
    }

    @Test
    void foldersOfTheUserMayBeNamedFromHere() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path fake = here.relativize(FakeCuda.folders().named().getFirst());

        LibraryFolders folders = LibraryFolders.of(fake + "", Map.of());

        assertEquals(List.of(here.resolve(fake)), folders.named());
        assertEquals(
                here.resolve(fake).resolve(CudaMachine.DRIVER) + "",
                folders.open(CudaMachine.DRIVER).orElseThrow().name());
    }

    @Test
    void ofWhatJCudaSaysTheReasonIsShown() {
        String said =
                """
                Error while loading native library "JCudaDriver-12.6.0-linux-x86_64"
                Operating system name: Linux
                Stack trace from the attempt to load the library as a file:
                java.lang.UnsatisfiedLinkError: /tmp/x/libJCudaDriver-12.6.0-linux-x86_64.so: libfoo.so.1: cannot open shared object file: No such file or directory
                	at java.base/jdk.internal.loader.NativeLibraries.load(Native Method)
                """;
        var later = new NoClassDefFoundError("Could not initialize class jcuda.driver.JCudaDriver");
        later.initCause(new ExceptionInInitializerError(said));

        assertEquals(
                "libfoo.so.1: cannot open shared object file: No such file or directory",
                JCudaNatives.reason(new UnsatisfiedLinkError(said)));
        assertEquals(
                "libfoo.so.1: cannot open shared object file: No such file or directory",
                JCudaNatives.reason(later));
        assertEquals(
                "\"JCudaDriver-12.6.0-apple-x86_64\"",
                JCudaNatives.reason(
                        new UnsatisfiedLinkError(
                                "Error while loading native library \"JCudaDriver-12.6.0-apple-x86_64\"\nOperating system name: Mac OS X")));
    }

    private static void assertMissing(String reason, LibraryFolders folders) {
        assertEquals(new CudaMachine.Missing(reason), CudaMachine.search(folders));
    }
}
