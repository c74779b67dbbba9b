package conformance.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.json.Json.Fields;
import conformance.json.JsonText;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Fields remember that they were read.
class KeysTest {
    private final Keys keys =
            new Keys(
                    "",
                    (Fields)
                            JsonText.read(
                                    """
                                    {"n": 3, "x": 0.5, "on": true, "name": "a", "none": null,
                                     "inner": {"a": 1, "b": {"c": 2}}, "rows": [{"d": 1}, {"e": 2}]}
                                    """));

    @Test
    void whatIsNotReadIsNamedByItsPath() {
        keys.whole("n");
        keys.fields("inner").whole("a");
        keys.fields("inner").fields("b");
        keys.rows("rows").getFirst().whole("d");

        assertEquals(List.of("x", "on", "name", "none", "inner.b.c", "rows[1].e"), keys.unread());
    }

    @Test
    void askingWhetherAFieldIsThereDoesNotReadIt() {
        keys.has("n");
        keys.names().forEach(keys::has);

        assertEquals(7, keys.unread().size());
    }

    @Test
    void aWholeSubtreeIsReadAtOnce() {
        keys.names().forEach(keys::json);

        assertEquals(List.of(), keys.unread());
    }

    @Test
    void nullCountsAsAbsent() {
        assertEquals(OptionalLong.empty(), keys.wholeIfAny("none"));
        assertEquals(5, keys.whole("none", 5));
        assertEquals(5, keys.whole("missing", 5));
    }

    @Test
    void aFieldOfAnotherKindIsNamedWithItsValue() {
        assertEquals(
                "'inner.b' is {\"c\": 2}, needs to be a whole number",
                thrown(() -> keys.fields("inner").whole("b")));
        assertEquals("'z' is missing, needs to be a text", thrown(() -> keys.text("z")));
        assertEquals(
                "'inner.z' is missing; there are [a, b]",
                thrown(() -> keys.fields("inner").json("z")));
    }

    private static String thrown(Runnable call) {
        return String.valueOf(assertThrows(NotUnderstoodException.class, call::run).getMessage());
    }
}
