package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// What tensors of int32, uint8, float16 and bfloat16 can do, and what they say where they cannot.
@ExtendWith(OnReference.class)
class ElementTypesTest {
    private static void argument(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    private static Tensor ints(int... values) {
        return Tensor.of(values, Shape.of(values.length));
    }

    private static Tensor bytes(int... values) {
        return ints(values).cast(DType.UINT8);
    }

    private static void numbers(DType dtype, Tensor actual, double... expected) {
        assertEquals(dtype, actual.dtype());
        assertArrayEquals(expected, actual.cast(DType.FLOAT64).toDoubles());
    }

    @Test
    void javaNumbersGoInAndOut() {
        assertArrayEquals(new int[] {-1, 2}, ints(-1, 2).toInts());
        assertArrayEquals(new long[] {-1, 2}, ints(-1, 2).toLongs());
        Tensor bytes = Tensor.of(new byte[] {-1, 2}, Shape.of(2, 1));
        assertArrayEquals(new byte[] {-1, 2}, bytes.toBytes());
        assertArrayEquals(new long[] {255, 2}, bytes.toLongs());
        assertEquals(-5, ints(-5).item());
        assertEquals(-5, ints(-5).itemLong());
        assertEquals(255, bytes(255).item());
        assertEquals(255, bytes(255).itemLong());
        assertEquals(-1.5, Tensor.full(Shape.scalar(), -1.5, DType.FLOAT16).item());
        assertEquals(-1.5, Tensor.full(Shape.scalar(), -1.5, DType.BFLOAT16).item());
        argument(
                "toInts: the tensor is int64; cast it to int32 first", () -> Tensor.of(1).toInts());
        argument("toBytes: the tensor is int32; cast it to uint8 first", () -> ints(1).toBytes());
        argument(
                "toLongs: the tensor is float16; cast it to int64 first",
                () -> Tensor.zeros(Shape.of(1), DType.FLOAT16).toLongs());
        argument(
                "toFloats: the tensor is bfloat16; cast it to float32 first",
                () -> Tensor.zeros(Shape.of(1), DType.BFLOAT16).toFloats());
        argument(
                "itemLong: the tensor is bool; cast it to int64 first",
                () -> Tensor.of(true).itemLong());
    }

    @Test
    void arithmeticOfIntegersWrapsAround() {
        Tensor most = ints(Integer.MAX_VALUE);

        numbers(DType.INT32, most.add(1), Integer.MIN_VALUE);
        numbers(DType.INT32, most.mul(most), 1);
        numbers(DType.INT32, most.add(1).neg(), Integer.MIN_VALUE);
        numbers(DType.INT32, most.add(1).div(-1), Integer.MIN_VALUE);
        numbers(DType.INT32, ints(-7, 7).div(2), -3, 3);
        numbers(DType.UINT8, bytes(200).add(100), 44);
        numbers(DType.UINT8, bytes(3).sub(5), 254);
        numbers(DType.UINT8, bytes(200).mul(200), 64);
        numbers(DType.UINT8, bytes(1).neg(), 255);
        numbers(DType.UINT8, bytes(200).div(3), 66);
    }

    @Test
    void bytesHaveNoSign() {
        Tensor x = bytes(200, 100);

        assertArrayEquals(new boolean[] {false, true}, x.less(150).toBooleans());
        numbers(DType.UINT8, x.maximum(150), 200, 150);
        numbers(DType.UINT8, x.minimum(150), 150, 100);
        numbers(DType.UINT8, x.abs(), 200, 100);
        numbers(DType.UINT8, x.clamp(0, 150), 150, 100);
        numbers(DType.UINT8, x.max(), 200);
        numbers(DType.UINT8, x.min(), 100);
        numbers(DType.INT64, x.argMax(0), 0);
        numbers(DType.UINT8, x.sort(0).values(), 100, 200);
    }

    @Test
    void sumsOfIntegersAndBoolsAreInt64() {
        numbers(DType.INT64, ints(Integer.MAX_VALUE, 1).sum(), 1L << 31);
        numbers(DType.INT64, bytes(200, 100).sum(), 300);
        numbers(DType.INT64, Tensor.of(true, true).sum(), 2);
        numbers(DType.INT64, bytes(200, 100).cumSum(0), 200, 300);
        numbers(DType.INT32, ints(-3, 5).max(), 5);
        numbers(DType.INT32, ints(Integer.MIN_VALUE, 5).min(), Integer.MIN_VALUE);
        numbers(DType.INT32, ints(-3, 5).abs(), 3, 5);
        argument(
                "mean: int32 is not floating point; cast it to float32 or float64",
                () -> ints(1).mean());
    }

    @Test
    void aNumberThatTheDtypeLacksIsAnError() {
        argument(
                "add: 300 does not fit uint8, which holds 0 to 255; cast the tensor to int64",
                () -> bytes(1).add(300));
        argument(
                "less: -1 does not fit uint8, which holds 0 to 255; cast the tensor to int64",
                () -> bytes(1).less(-1));
        argument(
                "mul: 2147483648 does not fit int32, which holds -2147483648 to 2147483647; cast the tensor to int64",
                () -> ints(1).mul(0x1p31));
        argument(
                "mul: 0.5 is no integer, the tensor is uint8; cast it to float32 or float64",
                () -> bytes(1).mul(0.5));
    }

    @Test
    void castsTruncateAndSaturateFromFloatsAndKeepLowBitsOfIntegers() {
        Tensor floats = Tensor.of(-1.5f, 300.9f, Float.NaN, 3e9f);

        numbers(DType.UINT8, floats.cast(DType.UINT8), 0, 255, 0, 255);
        numbers(DType.INT32, floats.cast(DType.INT32), -1, 300, 0, Integer.MAX_VALUE);
        numbers(DType.UINT8, ints(-1, 300).cast(DType.UINT8), 255, 44);
        numbers(DType.INT32, Tensor.scalar((1L << 32) + 5).cast(DType.INT32), 5);
        numbers(DType.BOOL, bytes(0, 7).cast(DType.BOOL), 0, 1);
        numbers(DType.FLOAT16, Tensor.of(2049f, 65520f).cast(DType.FLOAT16), 2048, 1 / 0.0);
        numbers(DType.BFLOAT16, Tensor.of(257f, 259f).cast(DType.BFLOAT16), 256, 260);
        numbers(DType.BOOL, Tensor.of(-0f, 3f).cast(DType.FLOAT16).cast(DType.BOOL), 0, 1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BOOL", "INT64"})
    void elementsOfEveryTypeAreMoved(DType dtype) {
        Tensor x = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)).cast(dtype);

        numbers(dtype, x.t(), 1, 4, 2, 5, 3, 6);
        numbers(dtype, x.t().copy(), 1, 4, 2, 5, 3, 6);
        numbers(dtype, x.flip(1).slice(1, 0, 3, 2), 3, 1, 6, 4);
        numbers(dtype, x.select(0, 1).expand(Shape.of(2, 3)), 4, 5, 6, 4, 5, 6);
        numbers(dtype, Tensor.concat(1, x, x), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        numbers(dtype, x.indexSelect(1, Tensor.of(2, 0)), 3, 1, 6, 4);
        numbers(dtype, x.gather(1, Tensor.of(new long[] {1, 0}, Shape.of(2, 1))), 2, 4);
        numbers(dtype, x.select(0, 0).pad(0, 1, 1, 9), 9, 1, 2, 3, 9);
        numbers(dtype, Tensor.full(Shape.of(2), 3, dtype), 3, 3);
        numbers(
                dtype,
                Tensor.where(Tensor.of(true, false, true), x.select(0, 0), x.select(0, 1)),
                1,
                5,
                3);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void whatIsForStorageIsNotComputedWith(DType dtype) {
        Tensor x = Tensor.zeros(Shape.of(2, 3), dtype);
        Tensor y = Tensor.zeros(Shape.of(3), dtype);
        String one = dtype + " [2, 3] is for storage; cast to float32 to compute";
        String two =
                dtype + " [2, 3] and " + dtype + " [3] are for storage; cast to float32 to compute";

        argument("add: " + two, () -> x.add(y));
        argument("minimum: " + two, () -> x.minimum(y));
        argument("lessOrEqual: " + two, () -> x.lessOrEqual(y));
        argument("matMul: " + two, () -> x.matMul(y));
        argument("scatterAdd: " + two, () -> x.scatterAdd(1, Tensor.of(0), y));
        argument("mul: " + one, () -> x.mul(2));
        argument("exp: " + one, x::exp);
        argument("neg: " + one, x::neg);
        argument("sum: " + one, x::sum);
        argument("cumSum: " + one, () -> x.cumSum(0));
        argument("mean: " + one, x::mean);
        argument("max: " + one, x::max);
        argument("sort: " + one, () -> x.sort(0));
        argument("uniform: " + one, () -> Tensor.uniform(RandomKey.of(1), Shape.of(2, 3), dtype));
        argument("requireGradient: " + one, x::requireGradient);
        argument("Parameter.assign: " + one, () -> Parameter.of(x));
        argument(
                "add: float32 and " + dtype + " do not mix; cast one of them",
                () -> Tensor.zeros(Shape.of(3)).add(x));
    }

    @Test
    void aCastToATypeWithoutGradientsEndsTheGradient() {
        Tensor x = Tensor.of(1f, 2f).requireGradient();

        for (DType dtype : DType.values()) {
            assertEquals(dtype.isFloating(), x.cast(dtype).tracked(), dtype.toString());
        }
    }

    @Test
    void positionsAreInt64() {
        Tensor x = Tensor.of(1f, 2f);

        argument("gather: the index is int32; positions are int64", () -> x.gather(0, ints(0, 1)));
        argument(
                "gather: the index is uint8; positions are int64",
                () -> x.indexSelect(0, bytes(0)));
        argument(
                "scatterAdd: the index is int32; positions are int64",
                () -> x.scatterAdd(0, ints(0, 1), x));
        argument("oneHot: the tensor is int32; classes are int64", () -> ints(1).oneHot(2));
        numbers(
                DType.INT32,
                ints(1, Integer.MAX_VALUE).scatterAdd(0, Tensor.of(1, 1), ints(1, 1)),
                1,
                Integer.MIN_VALUE + 1);
        numbers(DType.UINT8, bytes(1, 250).scatterAdd(0, Tensor.of(1, 1), bytes(3, 4)), 1, 1);
    }

    @Test
    void integersAreComparedAndChosen() {
        assertTrue(ints(3).equalTo(ints(3)).cast(DType.BOOL).item() == 1);
        assertFalse(ints(3).less(-3).item() == 1);
        argument(
                "less: int32 and int64 do not mix; cast one of them",
                () -> ints(3).less(Tensor.of(3)));
        argument(
                "exp: uint8 is not floating point; cast it to float32 or float64",
                () -> bytes(3).exp());
    }
}
