package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Axes;
import tensor.api.PadMode;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class TensorTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void tensorsAreMadeOfJavaNumbers() {
        assertEquals(DType.INT64, Tensor.of(1, 2, 3).dtype());
        assertEquals(DType.FLOAT32, Tensor.of(1f, 2f).dtype());
        assertEquals(DType.FLOAT64, Tensor.of(1, 2.5).dtype());
        assertEquals(DType.BOOL, Tensor.of(true, false).dtype());
        assertEquals("Tensor [2, 3] float32", Tensor.zeros(Shape.of(2, 3)).toString());
        assertEquals("reference", Tensor.scalar(1f).device().name());
        assertArrayEquals(new long[] {0, 1, 2}, Tensor.arange(3).toLongs());
        assertArrayEquals(
                new boolean[] {true, true}, Tensor.ones(Shape.of(2), DType.BOOL).toBooleans());
        assertArrayEquals(new double[] {2.5, 2.5}, Tensor.full(Shape.of(2), 2.5).toDoubles());
    }

    @Test
    void hostMemoryGoesInAndOut() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment given = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4, 5, 6);
            MemorySegment returned = arena.allocate(24);

            Tensor.from(given, Shape.of(2, 3), DType.FLOAT32).t().copyTo(returned);

            assertArrayEquals(
                    new float[] {1, 4, 2, 5, 3, 6}, returned.toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void oneElementCanBeRead() {
        assertEquals(2.5, Tensor.of(new float[] {2.5f}, Shape.of(1, 1)).item());
        assertEquals(1, Tensor.of(true).item());
        assertEquals((1L << 53) + 1, Tensor.scalar((1L << 53) + 1).itemLong());
    }

    @Test
    void aDoubleOperandTakesTheDtypeOfTheTensor() {
        assertEquals(DType.FLOAT32, Tensor.of(1f).add(0.1).dtype());
        assertArrayEquals(new long[] {3, 4}, Tensor.of(1, 2).add(2).toLongs());
        assertArrayEquals(new long[] {3, -3}, Tensor.of(7, -7).div(2).toLongs());
    }

    @Test
    void comparisonsKnowNaN() {
        Tensor x = Tensor.of(1, NAN, 2);

        assertArrayEquals(new boolean[] {true, false, false}, x.less(2).toBooleans());
        assertArrayEquals(new boolean[] {true, false, true}, x.lessOrEqual(2).toBooleans());
        assertArrayEquals(new boolean[] {false, false, true}, x.greater(1).toBooleans());
        assertArrayEquals(new boolean[] {true, false, true}, x.greaterOrEqual(1).toBooleans());
        assertArrayEquals(new boolean[] {false, false, true}, x.equalTo(2).toBooleans());
        assertArrayEquals(new boolean[] {true, true, false}, x.notEqualTo(2).toBooleans());
        assertArrayEquals(new boolean[] {false, true, false}, x.isNaN().toBooleans());
    }

    @Test
    void boolsCombine() {
        Tensor a = Tensor.of(true, true, false, false);
        Tensor b = Tensor.of(true, false, true, false);

        assertArrayEquals(new boolean[] {true, false, false, false}, a.and(b).toBooleans());
        assertArrayEquals(new boolean[] {true, true, true, false}, a.or(b).toBooleans());
        assertArrayEquals(new boolean[] {false, true, true, false}, a.xor(b).toBooleans());
        assertArrayEquals(new boolean[] {false, false, true, true}, a.not().toBooleans());
        assertEquals(2, a.sum().itemLong());
    }

    @Test
    void powersAreThoseOfC() {
        Tensor a = Tensor.of(NAN, 1, -1, 0, -8, 2);
        Tensor b = Tensor.of(0, NAN, INF, -1, 1 / 3.0, 10);

        assertArrayEquals(new double[] {1, 1, 1, INF, NAN, 1024}, a.pow(b).toDoubles());
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, a.pow(0).toDoubles());
        assertArrayEquals(new double[] {NAN, 1, -1, 0, -512, 8}, a.pow(3).toDoubles());
        assertArrayEquals(
                new double[] {NAN, 1, 1, 0, Math.pow(8, 10), 1024}, a.pow(10).toDoubles());
    }

    @Test
    void paddingRepeatsWhatIsThere() {
        Tensor x = Tensor.of(1.0, 2, 3);

        assertArrayEquals(
                new double[] {3, 2, 1, 2, 3, 2}, x.pad(0, 2, 1, PadMode.REFLECT).toDoubles());
        assertArrayEquals(
                new double[] {1, 1, 1, 2, 3, 3}, x.pad(0, 2, 1, PadMode.REPLICATE).toDoubles());
        assertArrayEquals(
                new double[] {2, 3, 1, 2, 3, 1}, x.pad(0, 2, 1, PadMode.CIRCULAR).toDoubles());
        assertArrayEquals(new double[] {2, 3, 3}, x.pad(0, -1, 1, PadMode.REPLICATE).toDoubles());
    }

    @Test
    void boundsMayBeExchanged() {
        assertArrayEquals(new double[] {1, 1, 1}, Tensor.of(0.0, 1.5, 3).clamp(2, 1).toDoubles());
    }

    @Test
    void normsAreLengths() {
        Tensor x = Tensor.of(3.0, -4, 0);

        assertEquals(5, x.norm(2, Axes.all()).item());
        assertEquals(7, x.norm(1, Axes.all()).item());
        assertEquals(4, x.norm(INF, Axes.all()).item());
        assertEquals(0, x.norm(-INF, Axes.all()).item());
        assertEquals(2, x.norm(0, Axes.all()).item());
        assertEquals(0, x.norm(-1, Axes.all()).item());
        assertEquals(Math.cbrt(91), x.norm(3, Axes.all()).item(), 1e-14);
    }

    @Test
    void compositesKeepSpecialValues() {
        Tensor x = Tensor.of(NAN, -INF, -1, -0.0, 0, 4, INF);

        assertArrayEquals(new double[] {NAN, 0, 0, -0.0, 0, 4, INF}, x.relu().toDoubles());
        assertArrayEquals(new double[] {NAN, INF, 1, 0, 0, 4, INF}, x.abs().toDoubles());
        assertArrayEquals(new double[] {NAN, -1, -1, -0.0, 0, 3, 3}, x.clamp(-1, 3).toDoubles());
        assertArrayEquals(new double[] {NAN, -INF, -1, -0.0, 0, 2, 2}, x.minimum(2).toDoubles());
        assertArrayEquals(
                new double[] {
                    NAN, 0, 0.5 * Math.tanh(-0.5) + 0.5, 0.5, 0.5, 0.5 * Math.tanh(2) + 0.5, 1
                },
                x.sigmoid().toDoubles());
        assertArrayEquals(new double[] {NAN, INF, 1, 0, 0, 16, INF}, x.pow(2).toDoubles());
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1, 1}, x.pow(0).toDoubles());
    }

    @Test
    void powersOfIntegersAndFractionsAgreeWithJava() {
        Tensor x = Tensor.of(0.3, 1, 2.5, 7);
        for (double power : new double[] {1, 2, 3, 10, 63, -1, -2, 0.5, -0.5, 1.7, 100, -70}) {
            double[] expected = x.toDoubles();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Math.pow(expected[i], power);
            }
            double[] actual = x.pow(power).toDoubles();
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], actual[i], 1e-13 * expected[i], "to the power " + power);
            }
        }
        assertEquals(0, Tensor.scalar(0.0).pow(1.5).item());
    }

    @Test
    void reductionsDropOrKeepTheirAxes() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));

        assertEquals(21, x.sum().item());
        assertArrayEquals(new double[] {5, 7, 9}, x.sum(0).toDoubles());
        assertEquals(Shape.of(2, 1), x.sum(Axes.of(-1).keep()).shape());
        assertEquals(Shape.of(1, 1), x.max(Axes.all().keep()).shape());
        assertArrayEquals(new double[] {2, 5}, x.mean(1).toDoubles());
        assertEquals(3.5, x.mean().item());
        assertArrayEquals(new double[] {1, 4}, x.min(1).toDoubles());
        assertEquals(6, x.max().item());
        assertEquals(3.5, x.variance(Axes.all(), 1).item());
        assertArrayEquals(new double[] {2.25, 2.25, 2.25}, x.variance(Axes.of(0), 0).toDoubles());
        assertArrayEquals(
                new long[] {Long.MIN_VALUE},
                Tensor.of(3, Long.MIN_VALUE).min(Axes.all().keep()).toLongs());
    }

    @Test
    void reductionsOfNothing() {
        Tensor none = Tensor.zeros(Shape.of(0, 3));

        assertArrayEquals(new float[] {0, 0, 0}, none.sum(0).toFloats());
        assertTrue(Double.isNaN(none.mean().item()));
        assertEquals(Shape.of(0), none.max(1).shape());
    }

    @Test
    void theFirstGreatestElementIsFound() {
        Tensor x = Tensor.of(new double[] {1, 5, 5, 7, NAN, NAN, -2, -2, -3}, Shape.of(3, 3));

        assertArrayEquals(new long[] {1, 1, 0}, x.argMax(1).toLongs());
        assertArrayEquals(new long[] {0, 1, 2}, x.argMin(-1).toLongs());
        assertArrayEquals(
                new long[] {1, 0},
                Tensor.of(new long[] {3, 9, 4, 9}, Shape.of(2, 2)).argMax(0).toLongs());
    }

    @Test
    void productsOfVectorsMatricesAndStacks() {
        Tensor matrix = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
        Tensor vector = Tensor.of(1.0, 0.0, -1.0);

        assertArrayEquals(new double[] {-2, -2}, matrix.matMul(vector).toDoubles());
        assertArrayEquals(new double[] {9, 12, 15}, Tensor.of(1.0, 2.0).matMul(matrix).toDoubles());
        assertEquals(2, vector.matMul(vector).item());
        assertEquals(
                Shape.of(5, 2, 2), matrix.expand(Shape.of(5, 2, 3)).matMul(matrix.t()).shape());
        assertEquals(
                Shape.of(4, 5, 2, 2),
                matrix.expand(Shape.of(4, 1, 2, 3))
                        .matMul(matrix.t().expand(Shape.of(5, 3, 2)))
                        .shape());
    }

    @Test
    void viewsShowTheSameElements() {
        Tensor x = Tensor.arange(24).reshape(2, 3, 4);

        assertEquals(Shape.of(4, 3, 2), x.permute(2, 1, 0).shape());
        assertEquals(Shape.of(2, 4, 3), x.transpose(1, 2).shape());
        assertEquals(Shape.of(2, 12), x.flatten(1).shape());
        assertEquals(Shape.of(24), x.flatten().shape());
        assertEquals(Shape.of(1), Tensor.scalar(1).flatten().shape());
        assertEquals(Shape.of(2, 3, 4, 1), x.unsqueeze(-1).shape());
        assertEquals(Shape.of(2, 3, 4), x.unsqueeze(0).squeeze(0).shape());
        assertArrayEquals(new long[] {4, 5, 6, 7}, x.select(0, 0).select(0, 1).toLongs());
        assertArrayEquals(
                new long[] {20, 22}, x.slice(0, -1, 9).slice(1, 2, 3).slice(2, 0, 4, 2).toLongs());
        assertEquals(0, x.slice(1, 2, 1).elementCount());
        assertArrayEquals(new long[] {3, 2, 1, 0}, Tensor.arange(4).flip(0).toLongs());
        assertSame(x, x.slice(1, 0, 3));
        assertSame(x, x.reshape(2, 3, 4));
    }

    @Test
    void tensorsAreJoined() {
        Tensor a = Tensor.of(new long[] {1, 2, 3, 4}, Shape.of(2, 2));
        Tensor b = Tensor.of(new long[] {5, 6}, Shape.of(2, 1));

        assertArrayEquals(new long[] {1, 2, 5, 3, 4, 6}, Tensor.concat(-1, a, b).toLongs());
        assertEquals(Shape.of(2, 2, 3), Tensor.stack(-1, a, a, a).shape());
        assertEquals(Shape.of(3, 2, 2), Tensor.stack(0, a, a, a).shape());
        assertArrayEquals(new long[] {9, 1, 2, 9, 9, 9, 3, 4, 9, 9}, a.pad(1, 1, 2, 9).toLongs());
    }

    @Test
    void elementsArePickedAndAddedByPosition() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));

        assertArrayEquals(
                new double[] {3, 3, 4, 5},
                x.gather(1, Tensor.of(new long[] {2, 2, 0, 1}, Shape.of(2, 2))).toDoubles());
        assertArrayEquals(new double[] {3, 1, 6, 4}, x.indexSelect(1, Tensor.of(2, 0)).toDoubles());
        assertArrayEquals(
                new double[] {1, 32, 3, 14, 5, 6},
                x.scatterAdd(
                                1,
                                Tensor.of(new long[] {1, 1, 0, 0}, Shape.of(2, 2)),
                                Tensor.of(new double[] {10, 20, 4, 6}, Shape.of(2, 2)))
                        .toDoubles());
        assertArrayEquals(new long[] {0, 0, 1, 1, 0, 0}, Tensor.of(2, 0).oneHot(3).toLongs());
    }

    @Test
    void dtypesAreConvertedWhenAsked() {
        Tensor x = Tensor.of(-1.7, 0.0, NAN, 3e20);

        assertArrayEquals(new long[] {-1, 0, 0, Long.MAX_VALUE}, x.cast(DType.INT64).toLongs());
        assertArrayEquals(new boolean[] {true, false, true, true}, x.cast(DType.BOOL).toBooleans());
        assertArrayEquals(
                new float[] {-1.7f, 0, Float.NaN, 3e20f}, x.cast(DType.FLOAT32).toFloats());
        assertSame(x, x.cast(DType.FLOAT64));
    }

    @Test
    void detachedCopiesAndLeavesShareValuesOnly() {
        Tensor x = Tensor.of(1.0, 2.0).requireGradient();

        assertTrue(x.tracked());
        assertFalse(x.detach().tracked());
        assertTrue(x.copy().tracked());
        assertSame(x, x.contiguous());
        assertArrayEquals(new double[] {2, 1}, x.flip(0).contiguous().toDoubles());
    }

    @Test
    void randomNumbersAreAFunctionOfTheirKey() {
        RandomKey key = RandomKey.of(11);

        Tensor x = Tensor.uniform(key, Shape.of(4, 5), DType.FLOAT64);

        assertArrayEquals(
                x.toDoubles(), Tensor.uniform(key, Shape.of(20), DType.FLOAT64).toDoubles());
        assertEquals(key.uniform(7), x.toDoubles()[7]);
        assertEquals(
                (int) (key.bits(1) >>> 32) >>> 8,
                Tensor.uniform(key, Shape.of(4)).toFloats()[3] * 0x1p24);
    }

    @Test
    void normalNumbersHaveMeanZeroAndVarianceOne() {
        Tensor x = Tensor.normal(RandomKey.of(2), Shape.of(200_000), DType.FLOAT64);

        assertEquals(0, x.mean().item(), 0.01);
        assertEquals(1, x.variance(Axes.all(), 1).item(), 0.015);
        assertEquals(3, x.pow(4).mean().item(), 0.1);
    }
}
