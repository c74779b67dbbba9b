package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.spi.Availability;

class CpuProviderTest {
    @Test
    void itIsAvailableWhereTheVectorModuleIs() {
        CpuProvider provider = new CpuProvider();

        assertEquals("cpu", provider.name());
        assertInstanceOf(Availability.Available.class, provider.availability());
    }

    @Test
    void withoutTheVectorModuleItSaysWhatToDo() {
        Availability availability = CpuProvider.availability(false);

        assertEquals(
                new Availability.Unavailable(
                        "module jdk.incubator.vector is missing;"
                                + " start java with --add-modules jdk.incubator.vector"),
                availability);
    }

    @Test
    void theNumberOfThreadsIsRead() {
        assertEquals(1, CpuProvider.threads("1"));
        assertEquals(64, CpuProvider.threads("64"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-2", "two", "", "10000", "1.5"})
    void aNumberOfThreadsThatIsNoneIsAnError(String value) {
        var error = assertThrows(IllegalArgumentException.class, () -> CpuProvider.threads(value));

        assertEquals(
                "tensor.cpu.threads: '" + value + "' is no number of threads; use 1 to 9999",
                error.getMessage());
    }
}
