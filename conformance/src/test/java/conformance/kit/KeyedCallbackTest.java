package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.check.NotUnderstoodException;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;

class KeyedCallbackTest {
    @Test
    void whatMakesACallbackUniqueStandsInItsKeyAndItsState() {
        var callback = KeyedCallback.read("StatefulCallback1(unique=two, other=2)");

        assertEquals("StatefulCallback1{'unique': 'two'}", callback.stateKey());
        assertEquals(Fields.empty().with("content1", "two"), callback.stateDict());
    }

    @Test
    void aCallbackWithoutArgumentsIsKnownByItsClass() {
        var callback = KeyedCallback.read("StatefulCallback0");

        assertEquals("StatefulCallback0", callback.stateKey());
        assertEquals(Fields.empty().with("content0", 0), callback.stateDict());
    }

    @Test
    void anotherClassIsNotUnderstood() {
        assertThrows(NotUnderstoodException.class, () -> KeyedCallback.read("Another(unique=1)"));
    }
}
