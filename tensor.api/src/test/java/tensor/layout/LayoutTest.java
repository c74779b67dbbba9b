package tensor.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Layout MATRIX = Layout.contiguous(Shape.of(3, 4));

    @Test
    void elementsLieInRowMajorOrder() {
        assertArrayEquals(new long[] {4, 1}, MATRIX.strides());
        assertEquals(11, MATRIX.place(2, 3));
        assertEquals("[3, 4] strides [4, 1] offset 0", MATRIX.toString());
    }

    @Test
    void viewsOnlyChangeStridesAndOffset() {
        assertEquals(Layout.of(Shape.of(4, 3), new long[] {1, 4}, 0), MATRIX.permute(1, 0));
        assertEquals(
                Layout.of(Shape.of(2, 3, 4), new long[] {0, 4, 1}, 0),
                MATRIX.expand(Shape.of(2, 3, 4)));
        assertEquals(Layout.of(Shape.of(3, 2), new long[] {4, 2}, 1), MATRIX.slice(1, 1, 4, 2));
        assertEquals(Layout.of(Shape.of(3, 4), new long[] {-4, 1}, 8), MATRIX.slice(0, 2, -1, -1));
        assertEquals(Layout.of(Shape.of(0, 4), new long[] {4, 1}, 0), MATRIX.slice(0, 2, 2, 1));
        assertEquals(Layout.of(Shape.of(4), new long[] {1}, 8), MATRIX.select(0, 2));
        assertEquals(Layout.of(Shape.of(3), new long[] {4}, 1), MATRIX.select(-1, 1));
    }

    @Test
    void whatIsSelectedLiesInsideTheAxis() {
        var error = assertThrows(IndexOutOfBoundsException.class, () -> MATRIX.select(1, 4));

        assertEquals(
                "select: index 4 is outside axis 1 of [3, 4], which has 4 elements",
                error.getMessage());
    }

    @Test
    void contiguityIgnoresOffsetsAndAxesOfSizeOne() {
        assertTrue(MATRIX.slice(0, 1, 3, 1).isContiguous());
        assertTrue(Layout.of(Shape.of(3, 1, 4), new long[] {4, 99, 1}, 7).isContiguous());
        assertTrue(MATRIX.slice(1, 0, 0, 1).isContiguous());
        assertFalse(MATRIX.permute(1, 0).isContiguous());
        assertFalse(MATRIX.slice(1, 0, 3, 1).isContiguous());
    }

    @Test
    void aReshapeIsAViewWhereNoNewAxisCrossesAGap() {
        Layout rows = MATRIX.slice(1, 0, 2, 1); // [3, 2], strides 4, 1

        assertEquals(
                Layout.of(Shape.of(3, 1, 2), new long[] {4, 2, 1}, 0),
                rows.reshape(Shape.of(3, 1, 2)).orElseThrow());
        assertTrue(rows.reshape(Shape.of(6)).isEmpty());
        assertEquals(
                Layout.of(Shape.of(2, 2, 3), new long[] {2, 1, 4}, 0),
                MATRIX.permute(1, 0).reshape(Shape.of(2, 2, 3)).orElseThrow());
    }

    @Test
    void aReshapeKeepsTheNumberOfElements() {
        var error = assertThrows(ShapeException.class, () -> MATRIX.reshape(Shape.of(5)));

        assertEquals("reshape: [3, 4] has 12 elements, [5] has 5", error.getMessage());
    }

    @Test
    void expandRepeatsAxesOfSizeOneOnly() {
        var size = assertThrows(ShapeException.class, () -> MATRIX.expand(Shape.of(2, 4)));
        var rank = assertThrows(ShapeException.class, () -> MATRIX.expand(Shape.of(4)));

        assertEquals(
                "expand: [3, 4] does not broadcast to [2, 4]: axis 0 is 3, needs 1 or 2",
                size.getMessage());
        assertEquals(
                "expand: [3, 4] does not broadcast to [4]: it has 2 axes, the target 1",
                rank.getMessage());
    }

    @Test
    void aPermutationNamesEachAxisOnce() {
        var twice = assertThrows(ShapeException.class, () -> MATRIX.permute(0, -2));
        var few = assertThrows(ShapeException.class, () -> MATRIX.permute(0));

        assertEquals("permute: [0, -2] names axis 0 of [3, 4] twice", twice.getMessage());
        assertEquals("permute: [3, 4] has 2 axes, but [0] names 1", few.getMessage());
    }

    @Test
    void aSliceStaysInsideTheAxis() {
        var end = assertThrows(ShapeException.class, () -> MATRIX.slice(1, 2, 6, 1));
        var step = assertThrows(ShapeException.class, () -> MATRIX.slice(1, 0, 2, 0));

        assertEquals(
                "slice: 2 to 6 by 1 leaves axis 1 of [3, 4], which has elements 0 to 3",
                end.getMessage());
        assertEquals(
                "slice: 0 to 2 by 0 leaves axis 1 of [3, 4], which has elements 0 to 3",
                step.getMessage());
    }

    @Test
    void thereIsOneStrideForEachAxis() {
        var error =
                assertThrows(
                        ShapeException.class, () -> Layout.of(Shape.of(3, 4), new long[] {1}, 0));

        assertEquals("Layout.of: [3, 4] has 2 axes, but there are 1 strides", error.getMessage());
    }
}
