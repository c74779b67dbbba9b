package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    void withoutTheVectorModuleItIsAvailableAndSaysWhatMakesItFast() {
        Availability availability = CpuProvider.availability(false);

        var found = assertInstanceOf(Availability.Available.class, availability).devices();
        assertEquals(1, found.size());
        assertEquals(
                " threads; module jdk.incubator.vector is missing, so long runs take several times as"
                        + " long; start java, or link its runtime, with --add-modules"
                        + " jdk.incubator.vector",
                found.getFirst().description().replaceFirst("^[0-9]+", ""));
        assertFalse(found.getFirst().accelerates());
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
