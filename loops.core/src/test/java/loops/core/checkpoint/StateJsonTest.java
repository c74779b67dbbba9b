package loops.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import org.junit.jupiter.api.Test;

class StateJsonTest {
    private static final Data BYTE =
            new Data("BOOL", List.of(1L), MemorySegment.ofArray(new byte[] {1}));

    @Test
    void aStateIsPlainJsonWithItsArraysApart() {
        var state =
                Fields.empty()
                        .with("count", 3)
                        .with("rate", 5.0)
                        .with("none", Double.NaN)
                        .with("zero", -0.0)
                        .with("name", "x")
                        .with("list", new Items(List.of(new Num(1), new Flag(true), BYTE)))
                        .with("$inner", Fields.of("w", BYTE));
        var arrays = new LinkedHashMap<String, Data>();

        var text = StateJson.write(state, arrays);

        assertEquals(
                """
                {"count":3,"rate":5.0,"none":{"$real":"NaN"},"zero":-0.0,"name":"x",\
                "list":[1,true,{"$tensor":"list.2"}],"$$inner":{"w":{"$tensor":"$inner.w"}}}\
                """,
                text);
        assertEquals(List.of("list.2", "$inner.w"), List.copyOf(arrays.keySet()));
        assertEquals(state, StateJson.read(text, arrays));
    }

    @Test
    void arraysWhosePathsLookAlikeStayApart() {
        var other = new Data("BOOL", List.of(1L), MemorySegment.ofArray(new byte[] {0}));
        var state = Fields.of("a", Fields.of("b", BYTE)).with("a.b", other);
        var arrays = new LinkedHashMap<String, Data>();

        var text = StateJson.write(state, arrays);

        assertEquals(List.of("a.b", "a.b'"), List.copyOf(arrays.keySet()));
        assertEquals(state, StateJson.read(text, arrays));
    }

    @Test
    void whatIsNoStateIsRefused() {
        assertRefused("the text ends too early", "");
        assertRefused("a state begins with '{'", "[]");
        assertRefused("a state has no VALUE_NULL", "{\"a\":null}");
        assertRefused("'$real' stands alone, with a text", "{\"$real\":1}");
        assertRefused("'$tensor' stands alone, with a text", "{\"$tensor\":\"w\",\"b\":1}");
        assertRefused("no array 'w' in the tensor file", "{\"a\":{\"$tensor\":\"w\"}}");
    }

    private static void assertRefused(String message, String text) {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> StateJson.read(text, Map.of()));
        assertEquals(message, refused.getMessage());
    }
}
