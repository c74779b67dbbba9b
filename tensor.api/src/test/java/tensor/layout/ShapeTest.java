package tensor.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void shapesAreComparedByValueAndWrittenInBrackets() {
        assertEquals(Shape.of(32, 784), Shape.of(32, 784));
        assertEquals(Shape.of(32, 784).hashCode(), Shape.of(32, 784).hashCode());
        assertEquals("[32, 784]", Shape.of(32, 784).toString());
        assertEquals("[]", Shape.scalar().toString());
    }

    @Test
    void theElementsAreCounted() {
        assertEquals(1, Shape.scalar().elementCount());
        assertEquals(0, Shape.of(3, 0).elementCount());
        assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).elementCount());
    }

    @Test
    void aNegativeAxisCountsFromTheEnd() {
        Shape shape = Shape.of(2, 3, 4);

        assertEquals(4, shape.size(-1));
        assertEquals(2, shape.size(-3));
        assertEquals(Shape.of(2, 3, 9), shape.with(-1, 9));
        assertEquals(Shape.of(2, 4), shape.without(1));
    }

    @Test
    void shapesBroadcastFromTheLastAxis() {
        assertEquals(Shape.of(2, 3, 4), Shape.broadcast("add", Shape.of(2, 1, 4), Shape.of(3, 1)));
        assertEquals(Shape.of(5), Shape.broadcast("add", Shape.scalar(), Shape.of(5)));
        assertEquals(Shape.of(0, 3), Shape.broadcast("add", Shape.of(1, 3), Shape.of(0, 1)));
    }

    @Test
    void shapesThatDoNotBroadcastAreNamedWithTheAxis() {
        var error =
                assertThrows(
                        ShapeException.class,
                        () -> Shape.broadcast("add", Shape.of(3, 4), Shape.of(2, 4)));

        assertEquals(
                "add: [3, 4] and [2, 4] do not broadcast: axis -2 is 3 and 2", error.getMessage());
        assertEquals(List.of(Shape.of(3, 4), Shape.of(2, 4)), error.shapes());
    }

    @Test
    void aSizeIsNotNegative() {
        var error = assertThrows(ShapeException.class, () -> Shape.of(3, -2));

        assertEquals("Shape.of: axis 1 of [3, -2] is -2; a size is 0 or more", error.getMessage());
    }

    @Test
    void anAxisThatDoesNotExistIsNamedWithThoseThatDo() {
        var error = assertThrows(ShapeException.class, () -> Shape.of(3, 4).size(2));
        var scalar = assertThrows(ShapeException.class, () -> Shape.scalar().size(0));

        assertEquals("size: there is no axis 2 in [3, 4]; use -2 to 1", error.getMessage());
        assertEquals("size: there is no axis 0 in [], a scalar", scalar.getMessage());
    }
}
