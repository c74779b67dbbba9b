package tensor.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
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
        public Backend open(int number) {
            throw new AssertionError("an unavailable backend is not opened");
        }
    }

    /// A backend with some devices, of which some accelerate.
    private record There(String name, List<Boolean> accelerate) implements BackendProvider {
        @Override
        public Availability availability() {
            List<Availability.Found> found = new ArrayList<>();
            for (boolean accelerates : accelerate) {
                found.add(new Availability.Found("device " + found.size(), accelerates));
            }
            return new Availability.Available(found);
        }

        @Override
        public Backend open(int number) {
            throw new AssertionError("no device is opened here");
        }
    }

    private static final List<BackendProvider> PROVIDERS =
            List.of(
                    new Missing("opencl", "no platform found"),
                    new Missing(
                            "cuda",
                            "libcuda.so.1 not found; install the NVIDIA driver or use Device.of(\"cpu\")"));

    @Test
    void aDeviceHasOneNameHoweverItsNumberIsWritten() {
        assertEquals("opencl", Device.plain("opencl"));
        assertEquals("opencl", Device.plain("opencl:0"));
        assertEquals("opencl", Device.plain("opencl:00"));
        assertEquals("opencl:1", Device.plain("opencl:01"));
        assertEquals("cuda:10", Device.plain("cuda:10"));
        assertEquals("cuda:x", Device.plain("cuda:x"));
    }

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

    @Test
    void aNumberBeyondTheDevicesIsAnErrorWithThoseThatThereAre() {
        var providers = List.<BackendProvider>of(new There("cuda", List.of(false, true)));

        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> Device.open("cuda:2", providers));

        assertEquals("device 'cuda:2': there are 2 of them, cuda:0 to cuda:1", error.getMessage());
    }

    @Test
    void autoIsTheFirstThatAccelerates() {
        var choice =
                Choice.among(
                        List.of(
                                new Missing("cuda", "no driver"),
                                new There("opencl", List.of(false, true)),
                                new There("other", List.of(true))));

        assertEquals("opencl:1", choice.name());
        assertEquals("device 'auto' is opencl:1 (not cuda: no driver)", choice.toString());
    }

    @Test
    void autoIsTheCpuWhereNothingAccelerates() {
        var choice =
                Choice.among(
                        List.of(
                                new There("cpu", List.of(false)),
                                new Missing("cuda", "no driver"),
                                new There("opencl", List.of(false))));

        assertEquals(
                "device 'auto' is cpu (not cuda: no driver; not opencl: no faster than cpu)",
                choice.toString());
    }

    @Test
    void whatThereIsIsListedWithTheReasonOfWhatThereIsNot() {
        var offers =
                Device.Offer.of(
                        List.of(
                                new Missing("cuda", "no driver"),
                                new There("opencl", List.of(false, true))));

        assertEquals(
                List.of(
                        new Device.Offer("cuda", "no driver", false),
                        new Device.Offer("opencl", "device 0", true),
                        new Device.Offer("opencl:1", "device 1", true)),
                offers);
    }
}
