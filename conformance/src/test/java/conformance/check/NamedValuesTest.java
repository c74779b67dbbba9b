package conformance.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.json.Json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Of a message the numbers count, and the quoted names that stem from the set-up.
class NamedValuesTest {
    private final NamedValues named =
            NamedValues.of(
                    Fields.EMPTY
                            .with("trainer", Map.of("max_steps", 3))
                            .with("calls", List.of("increment_started()")));

    @Test
    void numbersStandByThemselves() {
        assertEquals(Set.of("-1", "2.5", "7"), named.in("from -1, 2.5 and v3 to 7."));
    }

    @Test
    void namesAreQuotedAndKnown() {
        assertEquals(
                Set.of("max_steps", "started"),
                named.in("`max_steps` and 'started' but not `foo` or max_steps"));
        assertEquals(Set.of("3", "max_steps"), named.in("max_steps=3 reached"));
    }

    @Test
    void aRegularExpressionIsReadAsItsText() {
        assertEquals(Set.of("max_steps", "1.0"), named.in("`max_steps`.*`1.0` or\\(s\\)"));
    }

    @Test
    void ourNamesMayBeInCamelCase() {
        assertTrue(NamedValues.names("Trainer: maxSteps is 3", "max_steps"));
        assertFalse(NamedValues.names("Trainer: steps is 3", "max_steps"));
    }

    @Test
    void aNumberIsNotPartOfAnother() {
        assertTrue(NamedValues.names("from 0.", "0"));
        assertFalse(NamedValues.names("0.5 of 10", "0"));
    }
}
