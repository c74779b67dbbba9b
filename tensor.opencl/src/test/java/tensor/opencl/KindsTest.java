package tensor.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.gpu.DeviceTraits.Kind;
import tensor.gpu.GpuBackend;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;
import tensor.testkit.NeedsDevice;

/// The kernels for devices with groups of threads, on any device: they give the bits of those for processors.
@NeedsDevice("opencl")
class KindsTest {
    private static final OpenClDriver DRIVER = new OpenClDriver(OpenClDevice.all().getFirst());
    private static final List<GpuBackend> BOTH =
            List.of(
                    new GpuBackend("opencl", DRIVER, DRIVER.traits().with(Kind.CPU), true),
                    new GpuBackend("opencl", DRIVER, DRIVER.traits().with(Kind.GPU), true));

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 33, 1000, 1025, 5000, 70_001})
    void rowsOfAnyLength(int length) {
        Shape shape = Shape.of(3, length);
        int[] last = {1};

        assertSameBits(
                Shape.of(3, 1),
                (backend, out) -> backend.reduce(ReduceOp.SUM, numbers(backend, shape), last, out));
    }

    @Test
    void programsWithSeveralFolds() {
        Shape domain = Shape.of(40, 333);
        DType dtype = DType.FLOAT32;
        var softmax =
                new Program(
                        List.of(
                                new Step.Input(0, dtype, Extent.ALL),
                                new Step.Fold(ReduceOp.MAX, 0, dtype),
                                new Step.Spread(1, dtype),
                                new Step.Map2(BinaryOp.SUB, 0, 2, dtype, Extent.ALL),
                                new Step.Map1(UnaryOp.EXP, 3, dtype, Extent.ALL),
                                new Step.Fold(ReduceOp.SUM, 4, dtype),
                                new Step.Spread(5, dtype),
                                new Step.Map2(BinaryOp.DIV, 4, 6, dtype, Extent.ALL)),
                        List.of(new Program.Output(7, Extent.ALL)));

        assertSameBits(
                domain,
                (backend, out) ->
                        backend.run(
                                softmax, domain, List.of(numbers(backend, domain)), List.of(out)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 63, 130})
    void productsOfMatrices(int size) {
        Shape a = Shape.of(2, size, 37);
        Shape b = Shape.of(2, 37, size + 3);

        assertSameBits(
                Shape.of(2, size, size + 3),
                (backend, out) -> backend.matMul(numbers(backend, a), numbers(backend, b), out));
    }

    @Test
    void productsOfManyLargeMatrices() {
        Shape a = Shape.of(32, 200, 37);
        Shape b = Shape.of(32, 37, 131);

        assertSameBits(
                Shape.of(32, 200, 131),
                (backend, out) -> backend.matMul(numbers(backend, a), numbers(backend, b), out));
    }

    @Test
    void productsOfTransposedMatrices() {
        Shape a = Shape.of(37, 70);
        Shape b = Shape.of(65, 37);

        assertSameBits(
                Shape.of(70, 65),
                (backend, out) ->
                        backend.matMul(
                                transposed(numbers(backend, a)),
                                transposed(numbers(backend, b)),
                                out));
    }

    private static void assertSameBits(Shape shape, BiConsumer<GpuBackend, Operand> work) {
        MemorySegment first = result(BOTH.getFirst(), shape, work);
        MemorySegment second = result(BOTH.getLast(), shape, work);

        assertEquals(-1, first.mismatch(second));
    }

    private static MemorySegment result(
            GpuBackend backend, Shape shape, BiConsumer<GpuBackend, Operand> work) {
        Operand out = fresh(backend, shape);
        work.accept(backend, out);
        MemorySegment host = MemorySegment.ofArray(new float[(int) shape.elementCount()]);
        backend.download(out.storage(), host);
        return host;
    }

    private static Operand transposed(Operand x) {
        return new Operand(x.storage(), x.layout().permute(1, 0));
    }

    private static Operand numbers(GpuBackend backend, Shape shape) {
        Operand out = fresh(backend, shape);
        backend.random(7, shape.elementCount(), out);
        return out;
    }

    private static Operand fresh(GpuBackend backend, Shape shape) {
        return new Operand(
                backend.allocate(DType.FLOAT32, shape.elementCount()), Layout.contiguous(shape));
    }
}
