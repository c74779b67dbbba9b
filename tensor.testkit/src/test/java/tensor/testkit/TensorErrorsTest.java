package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Axes;
import tensor.api.Device;
import tensor.api.LinearAlgebra;
import tensor.api.PadMode;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// The text of every message that a user of tensors can meet.
@ExtendWith(OnReference.class)
class TensorErrorsTest {
    private static void shape(String message, Executable body) {
        assertEquals(message, assertThrows(ShapeException.class, body).getMessage());
    }

    private static void argument(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    private static void position(String message, Executable body) {
        assertEquals(message, assertThrows(IndexOutOfBoundsException.class, body).getMessage());
    }

    private static Tensor zeros(int... sizes) {
        return Tensor.zeros(Shape.of(sizes));
    }

    @Test
    void dtypesDoNotMix() {
        Tensor x = Tensor.of(1f, 2f);

        argument(
                "add: float32 and float64 do not mix; cast one of them",
                () -> x.add(Tensor.of(1.0, 2.0)));
        argument(
                "minimum: float32 and int64 do not mix; cast one of them",
                () -> x.minimum(Tensor.of(1, 2)));
        argument(
                "matMul: float32 and int64 do not mix; cast one of them",
                () -> x.matMul(Tensor.of(1, 2)));
        argument(
                "where: float32 and int64 do not mix; cast one of them",
                () -> Tensor.where(x.less(1), x, Tensor.of(1, 2)));
        argument(
                "concat: float32 and int64 do not mix; cast one of them",
                () -> Tensor.concat(0, x, Tensor.of(1, 2)));
        argument(
                "scatterAdd: float32 and int64 do not mix; cast one of them",
                () -> x.scatterAdd(0, Tensor.of(0, 1), Tensor.of(1, 2)));
        argument(
                "greater: float64 and float32 do not mix; cast one of them",
                () -> x.greater(Tensor.of(1.0, 2.0)));
    }

    @Test
    void integersTakeNoFractions() {
        argument(
                "add: 1.5 is no integer, the tensor is int64; cast it to float32 or float64",
                () -> Tensor.of(1, 2).add(1.5));
        argument(
                "exp: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1, 2).exp());
        argument(
                "mean: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1, 2).mean());
        argument(
                "relu: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1, 2).relu());
        argument(
                "sigmoid: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).sigmoid());
        argument(
                "pow: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).pow(2));
        argument(
                "isNaN: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).isNaN());
        argument(
                "reciprocal: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).reciprocal());
        argument(
                "variance: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).variance(Axes.all(), 0));
        argument(
                "uniform: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.uniform(RandomKey.of(1), Shape.of(2), DType.INT64));
    }

    @Test
    void boolsHaveNoArithmetic() {
        Tensor x = Tensor.of(true, false);

        argument(
                "add: bool has no arithmetic; cast it to int64, float32 or float64",
                () -> x.add(x));
        argument(
                "mul: bool has no arithmetic; cast it to int64, float32 or float64",
                () -> x.mul(2));
        argument("max: bool has no arithmetic; cast it to int64, float32 or float64", x::max);
        argument(
                "argMax: bool has no arithmetic; cast it to int64, float32 or float64",
                () -> x.argMax(0));
        argument("not: float32 is not bool; compare it with something", () -> zeros(2).not());
        argument(
                "where: float32 is not bool; compare it with something",
                () -> Tensor.where(zeros(2), x, x));
        argument("and: float32 is not bool; compare it with something", () -> x.and(zeros(2)));
        argument("or: float32 is not bool; compare it with something", () -> zeros(2).or(x));
        argument("xor: float32 is not bool; compare it with something", () -> x.xor(zeros(2)));
    }

    @Test
    void shapesOfOperandsBroadcast() {
        shape(
                "add: [3, 4] and [2, 4] do not broadcast: axis -2 is 3 and 2",
                () -> zeros(3, 4).add(zeros(2, 4)));
        shape(
                "less: [3] and [2] do not broadcast: axis -1 is 3 and 2",
                () -> zeros(3).less(zeros(2)));
        shape(
                "where: [3] and [2] do not broadcast: axis -1 is 3 and 2",
                () -> Tensor.where(zeros(3).less(1), zeros(2), zeros(2)));
        shape(
                "expand: [3, 4] does not broadcast to [2, 4]: axis 0 is 3, needs 1 or 2",
                () -> zeros(3, 4).expand(Shape.of(2, 4)));
    }

    @Test
    void matricesFitTogether() {
        shape(
                "matMul: inner sizes differ: [32, 784] × [128, 10] (784 ≠ 128)",
                () -> zeros(32, 784).matMul(zeros(128, 10)));
        shape(
                "matMul: [] × [2, 2]: a scalar is no matrix; use mul",
                () -> zeros().matMul(zeros(2, 2)));
        shape(
                "matMul: [2] and [3] do not broadcast: axis -1 is 2 and 3",
                () -> zeros(2, 4, 5).matMul(zeros(3, 5, 6)));
        argument(
                "matMul: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(1).matMul(Tensor.of(1)));
        shape("t: there is no axis -2 in [3]; use -1 to 0", () -> zeros(3).t());
    }

    @Test
    void reductionsNeedElementsAndAxes() {
        shape("max: [0, 3] has no element along [0]; nothing has no max", () -> zeros(0, 3).max(0));
        shape("min: [0] has no element along all axes; nothing has no min", () -> zeros(0).min());
        shape(
                "argMin: [3, 0] has no element along [-1]; nothing has no argMin",
                () -> zeros(3, 0).argMin(-1));
        shape("sum: there is no axis 2 in [3]; use -1 to 0", () -> zeros(3).sum(2));
        shape("sum: [0, -1] names axis 0 of [3] twice", () -> zeros(3).sum(0, -1));
    }

    @Test
    void windowsLieInTheAxis() {
        shape(
                "windows: a window of 3 with dilation 2 spans 5 elements, but axis 1 of [2, 4] has 4; pad it",
                () -> zeros(2, 4).windows(-1, 3, 1, 2));
        shape(
                "windows: size 2, step 0, dilation 1; use numbers from 1",
                () -> zeros(4).windows(0, 2, 0, 1));
    }

    @Test
    void viewsFitTheirTensor() {
        shape("reshape: [2, 3] has 6 elements, [4] has 4", () -> zeros(2, 3).reshape(4));
        shape(
                "reshape: [2, 3] has 6 elements; no size in place of -1 makes [4, -1] fit",
                () -> zeros(2, 3).reshape(4, -1));
        shape(
                "reshape: [-1, -1] leaves more than one size open",
                () -> zeros(2, 3).reshape(-1, -1));
        shape("squeeze: axis 1 of [2, 3] is 3, needs 1", () -> zeros(2, 3).squeeze(-1));
        shape(
                "unsqueeze: there is no place 4 in [2, 3]; use -3 to 2",
                () -> zeros(2, 3).unsqueeze(4));
        shape("permute: [0, 0] names axis 0 of [2, 3] twice", () -> zeros(2, 3).permute(0, 0));
        argument(
                "slice: the step is 0; use 1 or more, or flip(axis)",
                () -> zeros(3).slice(0, 0, 2, 0));
        position(
                "select: index 3 is outside axis 0 of [3], which has 3 elements",
                () -> zeros(3).select(0, 3));
        argument(
                "pad: -1 before and 0 after; use 0 or more, or slice to crop",
                () -> zeros(3).pad(0, -1, 0, 0));
    }

    @Test
    void joinedTensorsFitTogether() {
        shape(
                "concat: part 1 is [2, 4], part 0 is [3, 3]; only axis 0 may differ",
                () -> Tensor.concat(0, zeros(3, 3), zeros(2, 4)));
        shape(
                "stack: part 1 is [4], part 0 is [3]; all must be equal",
                () -> Tensor.stack(0, zeros(3), zeros(4)));
        argument(
                "stack: float32 and int64 do not mix; cast one of them",
                () -> Tensor.stack(0, zeros(2), Tensor.of(1, 2)));
        argument("concat: there is no tensor; give one or more", () -> Tensor.concat(0));
        argument("stack: there is no tensor; give one or more", () -> Tensor.stack(0));
    }

    @Test
    void positionsFitTheirTensor() {
        argument(
                "gather: the index is float32; positions are int64",
                () -> zeros(3).gather(0, zeros(3)));
        shape(
                "gather: index [2] does not fit x [3, 4]: it needs as many axes, none longer but axis 0",
                () -> zeros(3, 4).gather(0, Tensor.of(0, 1)));
        shape(
                "scatterAdd: index [3, 1] does not fit the tensor [2, 2]: it needs as many axes, none longer but axis 1",
                () ->
                        zeros(2, 2)
                                .scatterAdd(
                                        1, Tensor.zeros(Shape.of(3, 1), DType.INT64), zeros(3, 1)));
        shape(
                "scatterAdd: shapes [2] and [1] differ",
                () -> zeros(3).scatterAdd(0, Tensor.of(0, 1), zeros(1)));
        shape(
                "indexSelect: the index is [1, 2]; it has one axis",
                () -> zeros(3).indexSelect(0, Tensor.zeros(Shape.of(1, 2), DType.INT64)));
        position(
                "indexSelect: index 3 is outside axis 0 of [3], which has 3 elements",
                () -> zeros(3).indexSelect(0, Tensor.of(3)));
        position(
                "gather: index 3 is outside axis 1 of [1, 2], which has 2 elements",
                () -> zeros(1, 2).gather(1, Tensor.of(new long[] {3}, Shape.of(1, 1))));
        position(
                "scatterAdd: index -1 is outside axis 0 of [3], which has 3 elements",
                () -> zeros(3).scatterAdd(0, Tensor.of(-1), zeros(1)));
        argument("oneHot: the tensor is float32; classes are int64", () -> zeros(3).oneHot(3));
        position(
                "oneHot: 5 of [2] is none of the 3 classes; use numbers from 0 to 2",
                () -> Tensor.of(2, 5).oneHot(3));
        position(
                "oneHot: -1 of [3] is none of the 3 classes; use numbers from 0 to 2",
                () -> Tensor.of(-1, 7, 0).oneHot(3));
        argument("oneHot: -1 classes; use 0 or more", () -> Tensor.of(0L).oneHot(-1));
    }

    @Test
    void matricesHaveTwoAxesAndSomeAreSquare() {
        shape("triu: [3] has no matrices; it needs two axes", () -> zeros(3).triu(0));
        shape("qr: [3] has no matrices; it needs two axes", () -> LinearAlgebra.qr(zeros(3)));
        shape(
                "cholesky: [2, 3] has 2 rows and 3 columns; it needs as many of both",
                () -> LinearAlgebra.cholesky(zeros(2, 3)));
        shape(
                "solve: [2, 2] has 2 rows, the right side is [3, 1]",
                () -> LinearAlgebra.solve(zeros(2, 2), zeros(3, 1)));
        shape(
                "diagonal: axes 0 and 1 of [2, 3] make no square matrix",
                () -> zeros(2, 3).diagonal(0, 1));
    }

    @Test
    void paddingTakesOnlyWhatIsThere() {
        argument(
                "pad: 3 before and 0 after do not fit axis 0 of [3]; REFLECT takes up to 2",
                () -> zeros(3).pad(0, 3, 0, PadMode.REFLECT));
        argument(
                "pad: 0 before and 4 after do not fit axis 1 of [1, 3]; CIRCULAR takes up to 3",
                () -> zeros(1, 3).pad(-1, 0, 4, PadMode.CIRCULAR));
        shape(
                "pad: -3 before and 0 after leave out more than the 2 elements of axis 0 of [2]",
                () -> zeros(2).pad(0, -3, 0, PadMode.REPLICATE));
        argument(
                "pow: int64 is not floating point; cast it to float32 or float64",
                () -> Tensor.of(2L).pow(Tensor.of(2L)));
    }

    @Test
    void axesAndShapesHaveAGreatestSize() {
        int most = Integer.MAX_VALUE;
        Tensor wide = zeros(1).expand(Shape.of(2, most));

        shape(
                "pad: axis 0 of [3] becomes 4294967297 elements long; an axis has up to 2147483647",
                () -> zeros(3).pad(0, most, most, 0));
        shape(
                "pad: axis 0 of [3] becomes 4294967297 elements long; an axis has up to 2147483647",
                () -> zeros(3).pad(0, most, most, PadMode.REPLICATE));
        shape(
                "flatten: axis 0 of [2, 2147483647] becomes 4294967294 elements long; an axis has up to 2147483647",
                wide::flatten);
        shape(
                "concat: axis 1 of [2, 2147483647] becomes 4294967294 elements long; an axis has up to 2147483647",
                () -> Tensor.concat(1, wide, wide));
        shape(
                "toFloats: [2, 2147483647] has 4294967294 elements, an array has up to 2147483647; use copyTo or slices",
                wide::toFloats);
        shape(
                "Shape.of: [2147483647, 2147483647, 4] has more than 9223372036854775807 elements",
                () -> zeros(most, most, 4));
        shape(
                "[2147483647, 2147483647] float32 takes more than 9223372036854775807 bytes",
                () -> zeros(most, most));
        assertEquals(0, Shape.of(most, most, most, 0).elementCount());
    }

    @Test
    void rangesAreFinite() {
        argument("arange: -1 numbers; use 0 or more", () -> Tensor.arange(-1));
        argument("arange: the step is 0; use another number", () -> Tensor.arange(0, 3, 0));
        argument(
                "arange: -9223372036854775808 to 9223372036854775807 by 1 are 18446744073709551615 numbers; an axis has up to 2147483647",
                () -> Tensor.arange(Long.MIN_VALUE, Long.MAX_VALUE, 1));
    }

    @Test
    void wholeNumbersFitTheType() {
        Tensor bytes = Tensor.of(new byte[] {1}, Shape.of(1));

        argument(
                "add: 256 does not fit uint8, which holds 0 to 255; cast the tensor to int64",
                () -> bytes.add(256));
        argument(
                "less: 2147483648 does not fit int32, which holds -2147483648 to 2147483647; cast the tensor to int64",
                () -> bytes.cast(DType.INT32).less(1L << 31));
        argument("any: float32 is not bool; compare it with something", () -> zeros(2).any());
        argument("all: float32 is not bool; compare it with something", () -> zeros(2).all(0));
    }

    @Test
    void hostMemoryHasTheSizeAndTheTypeOfTheTensor() {
        shape(
                "from: [3] float32 takes 12 bytes, there are 8",
                () -> Tensor.from(MemorySegment.ofArray(new byte[8]), Shape.of(3), DType.FLOAT32));
        shape(
                "copyTo: [3] float32 takes 12 bytes, there are 8",
                () -> zeros(3).copyTo(MemorySegment.ofArray(new byte[8])));
        shape(
                "of: [2, 2] has 4 elements, there are 3",
                () -> Tensor.of(new float[3], Shape.of(2, 2)));
        shape("item: [2] has 2 elements; it takes exactly one", () -> zeros(2).item());
        argument(
                "toLongs: the tensor is float32; cast it to int64 first", () -> zeros(2).toLongs());
        argument(
                "toFloats: the tensor is int64; cast it to float32 first",
                () -> Tensor.of(1).toFloats());
        argument(
                "toDoubles: the tensor is int64; cast it to float64 first",
                () -> Tensor.of(1).toDoubles());
        argument(
                "toBooleans: the tensor is int64; cast it to bool first",
                () -> Tensor.of(1).toBooleans());
        argument(
                "itemLong: the tensor is float32; cast it to int64 first",
                () -> Tensor.scalar(1f).itemLong());
    }

    @Test
    void aDeviceHasABackend() {
        argument(
                "device 'abacus': no backend has that name; found [reference]",
                () -> Device.of("abacus"));
    }
}
