package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.invoke.MethodHandles;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SpecializeTest {
    @Test
    void everyCopyHasItsOwnParameters() {
        Supplier<?> one = Specialize.copy(Template.class, Supplier.class, "one", 1);
        Supplier<?> two = Specialize.copy(Template.class, Supplier.class, "two", 2);

        assertEquals("one 1", one.get());
        assertEquals("two 2", two.get());
        assertNotEquals(one.getClass(), two.getClass());
    }

    @Test
    void aClassThatCannotBeMadeIsNoTemplate() {
        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> Specialize.copy(NoTemplate.class, Runnable.class));

        assertEquals(
                "Specialize: "
                        + NoTemplate.class
                        + " is no template; give it a constructor without"
                        + " arguments",
                error.getMessage());
    }

    static final class Template implements Supplier<String> {
        private static final String PARAMETERS =
                Specialize.parameters(MethodHandles.lookup()).get(0)
                        + " "
                        + Specialize.parameters(MethodHandles.lookup()).get(1);

        @Override
        public String get() {
            return PARAMETERS;
        }
    }

    static final class NoTemplate implements Runnable {
        private final String text;

        NoTemplate(String text) {
            this.text = text;
        }

        @Override
        public void run() {
            System.out.println(text);
        }
    }
}
