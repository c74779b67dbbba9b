package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
    @Test
    void theStatusOfAProcessTellsWhatIsResidentAndThePeak() {
        var memory =
                ResidentMemory.of(
                        List.of("Name:\tjava", "VmHWM:\t    2048 kB", "VmRSS:\t    1024 kB"));

        assertEquals(new ResidentMemory(1 << 20, 2 << 20), memory);
    }

    @Test
    void aStatusWithoutThemIsRefused() {
        assertEquals(
                "/proc/self/status: has no line 'VmHWM:'; is this Linux?",
                assertThrows(
                                IllegalStateException.class,
                                () -> ResidentMemory.of(List.of("VmRSS: 1 kB")))
                        .getMessage());
    }
}
