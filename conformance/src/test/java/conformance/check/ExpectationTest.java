package conformance.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.json.Json.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private final Expectation expectation =
            new Expectation(Fields.EMPTY.with("totals", List.of(15, 25)).with("steps", 3));

    @Test
    void theLengthOfAListIsAQuestionAndStaysCompared() {
        assertEquals(2, expectation.count("totals"));

        assertEquals(List.of("totals", "steps"), expectation.names());
        assertEquals(2, expectation.compared().entries().size());
    }

    @Test
    void whatIsNoListHasNoLength() {
        var thrown = assertThrows(NotUnderstoodException.class, () -> expectation.count("steps"));

        assertEquals("'steps' of expect is no list", thrown.getMessage());
    }
}
