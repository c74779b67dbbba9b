package conformance.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.json.Json;
import conformance.json.Json.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The original's form of what steps reported is told from any other nesting.
class SqueezedOutputsTest {
    private static final Fields A = Fields.EMPTY.with("loss", 0.5);
    private static final Fields B = Fields.EMPTY.with("loss", 1.5);

    @Test
    void aLevelOfOneElementIsLeftOut() {
        assertEquals(A, squeezed(List.of(List.of(List.of(A)))));
        assertEquals(Json.of(List.of(A, B)), squeezed(List.of(List.of(A), List.of(B))));
        assertEquals(Json.of(List.of(A, B)), squeezed(List.of(List.of(A, B))));
    }

    @Test
    void aLevelStaysIfAnyOfItsListsIsLonger() {
        assertEquals(
                Json.of(List.of(List.of(A, B), List.of(A))),
                squeezed(List.of(List.of(A, B), List.of(A))));
    }

    @Test
    void whatReportedNothingIsLeftOut() {
        assertEquals(
                Json.of(List.of(A, B)),
                squeezed(List.of(List.of(A), List.of(Fields.EMPTY), List.of(B))));
        assertEquals(
                Json.of(List.of(List.of(A), List.of(B))),
                squeezed(List.of(List.of(A, Fields.EMPTY), List.of(Fields.EMPTY, B))));
        assertEquals(Json.of(List.of()), squeezed(List.of(List.of(Fields.EMPTY))));
        assertEquals(Json.of(List.of()), squeezed(List.of()));
    }

    private static Json squeezed(List<?> record) {
        return SqueezedOutputs.of(Json.of(record));
    }
}
