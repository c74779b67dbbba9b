package conformance.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// What is no case file is refused with its reason.
class CaseFileTest {
    @Test
    void aCaseIsRead() {
        var read =
                CaseFile.parse(
                                """
                                [{"id": "a", "area": "limits", "source": "x", "origin": "test", "notes": "",
                                  "also_in": ["1.8.6"], "setup": {"n": 1}, "expect": {"m": 2.0}}]
                                """)
                        .getFirst();

        assertEquals("a", read.id());
        assertEquals("limits", read.area());
        assertEquals("{\"n\": 1}", read.setup().toString());
        assertEquals("{\"m\": 2.0}", read.expect().toString());
    }

    @Test
    void whatIsNoCaseFileIsRefused() {
        assertRefused("a case file is a JSON list, one object a case", "3");
        assertRefused("case 0 is 3, needs to be an object", "[3]");
        assertRefused("case 0 has no text 'id'", "[{}]");
        assertRefused("case 0 has no text 'area'", "[{\"id\": \"a\"}]");
        assertRefused(
                "case 'a' has no object 'expect'",
                "[{\"id\": \"a\", \"area\": \"b\", \"setup\": {}}]");
        assertRefused(
                "case 'a' has a field 'odd'; known fields:"
                        + " [also_in, area, expect, id, notes, origin, setup, source]",
                "[{\"id\": \"a\", \"odd\": 1}]");
        assertRefused(
                "two cases have the id 'a'",
                "[{\"id\": \"a\", \"area\": \"b\", \"setup\": {}, \"expect\": {}},"
                        + " {\"id\": \"a\", \"area\": \"b\", \"setup\": {}, \"expect\": {}}]");
        assertRefused("not JSON: the field 'id' stands twice", "[{\"id\": \"a\", \"id\": \"b\"}]");
        assertRefused("not JSON: the text goes on after its value", "[] []");
    }

    private static void assertRefused(String message, String text) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> CaseFile.parse(text));

        assertEquals(message, thrown.getMessage());
    }
}
