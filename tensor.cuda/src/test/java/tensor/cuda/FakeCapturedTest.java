package tensor.cuda;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tensor.api.Device;
import tensor.testkit.CapturedConformance;

/// Captured as a graph of the driver, on the libraries that stand for CUDA's.
class FakeCapturedTest extends CapturedConformance {
    @BeforeAll
    static void name() {
        System.setProperty(LibraryFolders.PROPERTY, FakeCuda.folders().named().getFirst() + "");
        System.setProperty(CodeCache.PROPERTY, "target/code");
    }

    @AfterAll
    static void forget() {
        System.clearProperty(LibraryFolders.PROPERTY);
        System.clearProperty(CodeCache.PROPERTY);
    }

    @Override
    protected Device device() {
        return Device.of("cuda");
    }

    @Override
    protected boolean records() {
        return true;
    }
}
