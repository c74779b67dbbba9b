package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class NeedsDeviceTest {
    @Test
    void aDeviceThatIsThereIsUsed() {
        assertFalse(DeviceCondition.evaluate("reference", false).isDisabled());
    }

    @Test
    void aDeviceThatIsRequiredIsNotLookedFor() {
        var result = DeviceCondition.evaluate("nowhere", true);

        assertFalse(result.isDisabled());
        assertEquals("require.nowhere is set", result.getReason().orElseThrow());
    }

    @Test
    void aNameThatNoBackendHasIsAnErrorOfTheTest() {
        assertThrows(
                IllegalArgumentException.class, () -> DeviceCondition.evaluate("nowhere", false));
    }
}
