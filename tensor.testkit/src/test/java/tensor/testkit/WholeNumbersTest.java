package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class WholeNumbersTest {
    /// No double.
    private static final long ODD = (1L << 53) + 1;

    @Test
    void int64IsExactBeyondDoubles() {
        Tensor zero = Tensor.of(0L);
        Tensor odd = Tensor.of(ODD);

        assertEquals(ODD, zero.add(ODD).itemLong());
        assertEquals(-ODD, zero.sub(ODD).itemLong());
        assertEquals(ODD, Tensor.of(1L).mul(ODD).itemLong());
        assertEquals(1, odd.div(ODD).itemLong());
        assertEquals(ODD, zero.maximum(ODD).itemLong());
        assertEquals(ODD, odd.minimum(ODD + 1).itemLong());
        assertEquals(ODD, Tensor.of(Long.MAX_VALUE).clamp(0, ODD).itemLong());
        assertArrayEquals(
                new long[] {ODD, ODD}, Tensor.full(Shape.of(2), ODD, DType.INT64).toLongs());
    }

    @Test
    void int64IsComparedExactly() {
        Tensor x = Tensor.of(ODD - 1, ODD, ODD + 1);

        assertArrayEquals(new boolean[] {true, false, false}, x.less(ODD).toBooleans());
        assertArrayEquals(new boolean[] {true, true, false}, x.lessOrEqual(ODD).toBooleans());
        assertArrayEquals(new boolean[] {false, false, true}, x.greater(ODD).toBooleans());
        assertArrayEquals(new boolean[] {false, true, true}, x.greaterOrEqual(ODD).toBooleans());
        assertArrayEquals(new boolean[] {false, true, false}, x.equalTo(ODD).toBooleans());
        assertArrayEquals(new boolean[] {true, false, true}, x.notEqualTo(ODD).toBooleans());
    }

    @Test
    void aWholeNumberOnFloatingPointIsRoundedOnce() {
        long between =
                (1L << 54) + (1L << 30) + 1; // as a double it lies in the middle of two floats

        assertEquals((double) between, Tensor.of(0.0).add(between).item());
        assertEquals((double) (float) between, Tensor.of(0f).add(between).item());
        assertEquals(
                (double) (float) between,
                Tensor.full(Shape.scalar(), between, DType.FLOAT32).item());
        assertArrayEquals(new float[] {3, 4}, Tensor.of(1f, 2f).add(2).toFloats());
    }

    @Test
    void boundsOfFloatingPointMayBeWhole() {
        assertArrayEquals(
                new double[] {0, 0.5, 1, Double.NaN},
                Tensor.of(-1, 0.5, 3, Double.NaN).clamp(0, 1).toDoubles());
        assertArrayEquals(new long[] {2, 2, 3}, Tensor.of(1, 2, 3).clamp(2, 5).toLongs());
        assertArrayEquals(new long[] {1, 1}, Tensor.of(0, 5).clamp(3, 1).toLongs());
    }

    @Test
    void narrowTypesAreFilledWithTheNearest() {
        assertEquals(255, Tensor.full(Shape.scalar(), 300, DType.UINT8).itemLong());
        assertEquals(
                Integer.MIN_VALUE,
                Tensor.full(Shape.scalar(), Long.MIN_VALUE, DType.INT32).itemLong());
        assertEquals(1, Tensor.full(Shape.scalar(), 2, DType.BOOL).item());
    }

    @Test
    void rangesGoBothWays() {
        assertArrayEquals(new long[] {2, 5, 8}, Tensor.arange(2, 9, 3).toLongs());
        assertArrayEquals(new long[] {2, 5}, Tensor.arange(2, 8, 3).toLongs());
        assertArrayEquals(new long[] {3, 1, -1}, Tensor.arange(3, -2, -2).toLongs());
        assertArrayEquals(new long[0], Tensor.arange(3, 3, 1).toLongs());
        assertArrayEquals(new long[0], Tensor.arange(0, 3, -1).toLongs());
        assertArrayEquals(
                new long[] {Long.MAX_VALUE, -1},
                Tensor.arange(Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE).toLongs());
        assertArrayEquals(
                new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE - 1},
                Tensor.arange(Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE).toLongs());
    }

    @Test
    void someOrAllElementsAreTrue() {
        Tensor x = Tensor.of(new boolean[] {true, false, true, true}, Shape.of(2, 2));
        Tensor none = Tensor.zeros(Shape.of(2, 0), DType.BOOL);

        assertEquals(1, x.any().item());
        assertEquals(0, x.all().item());
        assertArrayEquals(new boolean[] {true, true}, x.any(1).toBooleans());
        assertArrayEquals(new boolean[] {false, true}, x.all(-1).toBooleans());
        assertArrayEquals(new boolean[] {false, false}, none.any(1).toBooleans());
        assertArrayEquals(new boolean[] {true, true}, none.all(1).toBooleans());
    }
}
