package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class ListingTest {
    @Test
    void rowsStandBelowEachOther() {
        Tensor x = Tensor.of(new double[] {1, -2.5, 10, Double.NaN}, Shape.of(2, 2));

        assertEquals("[[ 1.0000, -2.5000],\n [10.0000,     NaN]]", x.show());
        assertEquals("[1.0, 2.0]", Tensor.of(1f, 2f).show());
        assertEquals("[ 1, -2]", Tensor.of(1, -2).show());
        assertEquals("[ true, false]", Tensor.of(true, false).show());
        assertEquals("0.1000", Tensor.scalar(0.1f).show());
        assertEquals("[0.3333]", Tensor.of(1f / 3).cast(DType.FLOAT16).show());
        assertEquals("[]", Tensor.zeros(Shape.of(2, 0)).show());
    }

    @Test
    void matricesOfAStackStandApart() {
        assertEquals(
                "[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]",
                Tensor.arange(8).reshape(2, 2, 2).show());
    }

    @Test
    void largeAndSmallNumbersHaveExponents() {
        assertEquals("[1.0000e+08, 1.0000e+00]", Tensor.of(1e8, 1.0).show());
        assertEquals("[1.0000e-04, 0.0000e+00]", Tensor.of(1e-4, 0.0).show());
        assertEquals("[ Infinity, -Infinity]", Tensor.of(INF, -INF).show());
    }

    @Test
    void ofLongAxesTheEndsAreShown() {
        assertEquals("[   0,    1,    2, ..., 1998, 1999, 2000]", Tensor.arange(2001).show());
        assertEquals(
                """
                [[   0, 1000],
                 [   1, 1001],
                 [   2, 1002],
                 ...,
                 [ 997, 1997],
                 [ 998, 1998],
                 [ 999, 1999]]\
                """,
                Tensor.arange(2000).reshape(2, 1000).t().show());
    }

    private static final double INF = Double.POSITIVE_INFINITY;
}
