package tensor.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

class DeviceTest {
    /// A backend that this machine does not have.
    private record Missing(String name, String reason) implements BackendProvider {
        @Override
        public Availability availability() {
            return new Availability.Unavailable(reason);
        }

        @Override
        public Backend open() {
            throw new AssertionError("an unavailable backend is not opened");
        }
    }

    private static final List<BackendProvider> PROVIDERS =
            List.of(
                    new Missing("opencl", "no platform found"),
                    new Missing(
                            "cuda",
                            "libcuda.so.1 not found; install the NVIDIA driver or use Device.of(\"cpu\")"));

    @Test
    void anUnavailableDeviceIsAnErrorWithTheReasonOfItsProvider() {
        var error = assertThrows(IllegalStateException.class, () -> Device.open("cuda", PROVIDERS));

        assertEquals(
                "device 'cuda': libcuda.so.1 not found; install the NVIDIA driver or use Device.of(\"cpu\")",
                error.getMessage());
    }

    @Test
    void anUnknownDeviceIsAnErrorWithThoseThatThereAre() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> Device.open("cpu", PROVIDERS));

        assertEquals(
                "device 'cpu': no backend has that name; found [cuda, opencl]", error.getMessage());
    }
}
