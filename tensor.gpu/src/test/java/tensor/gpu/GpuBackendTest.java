package tensor.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;

class GpuBackendTest {
    private final FakeDriver driver = new FakeDriver(1 << 20, DeviceTraits.Kind.GPU);
    private final GpuBackend backend = new GpuBackend("abacus", driver, false);

    @Test
    void aFamilyIsCompiledOnceAfterThePreludeOfItsDialect() {
        Operand x = operand(DType.FLOAT32, 300);

        backend.binary(BinaryOp.ADD, x, x, x);
        backend.binary(BinaryOp.MUL, x, x, x);

        assertEquals(1, driver.texts.size());
        assertTrue(driver.texts.getFirst().startsWith(Dialect.CUDA.prelude()));
        assertEquals(
                "binary_MUL of 2 groups of 256",
                "%s of %d groups of %d"
                        .formatted(
                                driver.launches.getLast().kernel(),
                                driver.launches.getLast().groups(),
                                driver.launches.getLast().groupSize()));
    }

    @Test
    void nothingIsLaunchedForNothing() {
        Operand none = operand(DType.FLOAT32, 0);

        backend.binary(BinaryOp.ADD, none, none, none);

        assertEquals(0, driver.launches.size());
    }

    @Test
    void aReductionOfATypeThatHasNoneIsAnErrorThatSaysWhatToDo() {
        Operand x = operand(DType.FLOAT16, 4);

        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> backend.reduce(ReduceOp.SUM, x, new int[] {0}, x));

        assertEquals("SUM: not defined on float16; cast first", error.getMessage());
    }

    @Test
    void numbersInOrderAreOfTypesThatHaveAnOrder() {
        Operand x = operand(DType.BOOL, 4);

        var sum = assertThrows(IllegalArgumentException.class, () -> backend.cumSum(x, 0, x));
        var random = assertThrows(IllegalArgumentException.class, () -> backend.random(1, 2, x));

        assertEquals("cumSum: not defined on bool; cast first", sum.getMessage());
        assertEquals("random: not defined on bool; cast afterwards", random.getMessage());
    }

    private Operand operand(DType dtype, int count) {
        return new Operand(backend.allocate(dtype, count), Layout.contiguous(Shape.of(count)));
    }
}
