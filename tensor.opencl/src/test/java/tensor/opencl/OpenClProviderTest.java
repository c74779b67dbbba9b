package tensor.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.spi.Availability;

class OpenClProviderTest {
    @Test
    void itsNameIsKnownBeforeOpenClIsTouched() {
        assertEquals("opencl", new OpenClProvider().name());
    }

    @Test
    void withoutADeviceItSaysWhatToInstall() {
        assertEquals(
                new Availability.Unavailable(
                        "no OpenCL platform has a device;"
                                + " install a driver, such as Debian's pocl-opencl-icd"),
                OpenClProvider.availability(List.of()));
    }
}
