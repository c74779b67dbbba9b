package tensor.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.layout.Layout;
import tensor.layout.Shape;

class WalkTest {
    @Test
    void denseOperandsHaveOneAxis() {
        Layout dense = Layout.contiguous(Shape.of(2, 3, 4));

        Walk walk = Walk.over(dense, dense);

        assertEquals(List.of(24L), walk.sizes());
        assertArrayEquals(new long[] {24, 1, 24, 1, 1, 1, 1, 1, 1, 1}, walk.argument().values());
        assertArrayEquals(new long[] {0, 1, 0, 0, 0, 0, 0, 0, 0}, walk.place(1).values());
    }

    @Test
    void axesStayApartWhereOneOperandNeedsIt() {
        Shape shape = Shape.of(5, 2, 3);
        Layout dense = Layout.contiguous(shape);
        Layout repeated = Layout.contiguous(Shape.of(3)).expand(shape);

        Walk walk = Walk.over(dense, repeated);

        assertEquals(List.of(10L, 3L), walk.sizes());
        assertEquals(List.of(3L, 1L), walk.places().getFirst().strides());
        assertEquals(List.of(0L, 1L), walk.places().getLast().strides());
    }

    @Test
    void moreAxesThanAKernelTakesAreWalkedPartByPart() {
        int[] sizes = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
        int[] backwards = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
        Layout dense = Layout.contiguous(Shape.of(sizes));
        List<Walk> parts = new ArrayList<>();

        Walk.over(dense, dense.permute(backwards)).forEachPart(parts::add);

        assertEquals(4, parts.size());
        assertEquals(List.of(0L, 256L, 512L, 768L), offsets(parts, 0));
        assertEquals(List.of(0L, 2L, 1L, 3L), offsets(parts, 1));
        assertEquals(256, parts.getLast().count());
    }

    private static List<Long> offsets(List<Walk> parts, int operand) {
        return parts.stream().map(part -> part.places().get(operand).offset()).toList();
    }
}
