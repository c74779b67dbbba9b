package tensor.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class AxesTest {
    @Test
    void axesAreComparedByValue() {
        assertEquals(Axes.of(1, -1), Axes.of(1, -1));
        assertEquals(Axes.of(1).hashCode(), Axes.of(1).hashCode());
        assertNotEquals(Axes.of(1), Axes.of(1).keep());
        assertNotEquals(Axes.all(), Axes.of());
        assertEquals("[1, -1] kept", Axes.of(1, -1).keep().toString());
        assertEquals("all axes", Axes.all().toString());
    }

    @Test
    void anAxisIsNamedOnce() {
        var error =
                assertThrows(ShapeException.class, () -> Axes.of(1, -1).in("sum", Shape.of(2, 3)));

        assertEquals("sum: [1, -1] names axis 1 of [2, 3] twice", error.getMessage());
    }
}
