package tensor.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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

class ProgramCodeTest {
    private static final DType DTYPE = DType.FLOAT32;
    private static final Instructions INSTRUCTIONS = new Instructions("UINT", Integer.BYTES);
    private static final Step INPUT = new Step.Input(0, DTYPE, Extent.ALL);

    @Test
    void aSlotIsFreeOnceItsValueIsTaken() {
        long[] words = code(chain(100)).orElseThrow().values();

        assertEquals(102, words[0]); // the input, the chain, the result
        for (int i = 1; i <= 100; i++) {
            assertEquals(0, words[i] >> 16 & 0xFF, "slot of instruction " + i);
        }
    }

    @Test
    void aFoldCutsAProgramIntoPartsWithAnEnd() {
        long[] words = code(sum()).orElseThrow().values();

        assertEquals(2, words[0]); // -0 to slot 0
        assertEquals(2 | 1 << 16 | 1 << 24, words[3]); // each element to slot 1, added; one fold
        assertEquals(INSTRUCTIONS.number("ADD_FLOAT32"), words[6]);
        assertEquals(1, words[7]); // stored
        assertEquals(0, words[9]);
    }

    @Test
    void aProgramThatIsTooLongOrTooWideHasNoCode() {
        assertTrue(code(chain(ProgramCode.WORDS)).isEmpty());
        assertTrue(code(atOnce(ProgramCode.SLOTS - 1)).isPresent());
        assertTrue(code(atOnce(ProgramCode.SLOTS)).isEmpty());
    }

    @Test
    void withoutACompilerProgramsAreInterpretedAndLongOnesGoStepByStep() {
        var driver = new FakeDriver(1 << 20, DeviceTraits.Kind.GPU);
        var backend = new GpuBackend("abacus", driver, driver.traits().interpreting(4096), false);
        Shape shape = Shape.of(300);
        Operand x = new Operand(backend.allocate(DTYPE, 300), Layout.contiguous(shape));

        backend.run(chain(3), shape, List.of(x), List.of(x));
        backend.run(chain(ProgramCode.WORDS), shape, List.of(x), List.of(x));

        assertEquals("interpreter", driver.launches.getFirst().kernel());
        assertEquals(6 + ProgramCode.OPERANDS, driver.launches.getFirst().arguments().size());
        assertEquals("unary_NEG", driver.launches.get(1).kernel());
        assertTrue(driver.launches.size() > ProgramCode.WORDS);
    }

    @Test
    void theArgumentsOfALaunchAreAsLongAsItsDeviceTakes() {
        var driver = new FakeDriver(1 << 20, DeviceTraits.Kind.GPU);
        Shape shape = Shape.of(3, 5);
        var backend = new GpuBackend("abacus", driver, driver.traits().interpreting(4096), false);
        Operand x = new Operand(backend.allocate(DTYPE, 15), Layout.contiguous(shape));
        Operand sums = new Operand(backend.allocate(DTYPE, 3), Layout.contiguous(Shape.of(3, 1)));

        backend.run(sum(), shape, List.of(x), List.of(sums));

        assertEquals("interpreter", driver.launches.getLast().kernel());
        int bytes = 0;
        for (Driver.Argument argument : driver.launches.getLast().arguments()) {
            bytes += argument instanceof Driver.Numbers(long[] all) ? 8 * all.length : 8;
        }
        assertTrue(bytes <= 4096, bytes + " bytes");
        for (int most : new int[] {bytes, bytes - 1}) {
            driver.launches.clear();
            new GpuBackend("abacus", driver, driver.traits().interpreting(most), false)
                    .run(sum(), shape, List.of(x), List.of(sums));

            boolean isInterpreted = driver.launches.getFirst().kernel().equals("interpreter");
            assertEquals(most == bytes, isInterpreted);
        }
    }

    private static Program sum() {
        return new Program(
                List.of(INPUT, new Step.Fold(ReduceOp.SUM, 0, DTYPE)),
                List.of(new Program.Output(1, Extent.ROW)));
    }

    private static Optional<Driver.Numbers> code(Program program) {
        return ProgramCode.of(program, INSTRUCTIONS);
    }

    /// One after the other.
    private static Program chain(int length) {
        List<Step> steps = new ArrayList<>(List.of(INPUT));
        for (int i = 0; i < length; i++) {
            steps.add(new Step.Map1(UnaryOp.NEG, i, DTYPE, Extent.ALL));
        }
        return new Program(steps, List.of(new Program.Output(length, Extent.ALL)));
    }

    /// An input and values of it that are all needed later.
    private static Program atOnce(int count) {
        List<Step> steps = new ArrayList<>(List.of(INPUT));
        for (int i = 0; i < count; i++) {
            steps.add(new Step.Map1(UnaryOp.NEG, 0, DTYPE, Extent.ALL));
        }
        int sum = 0;
        for (int i = count; i > 0; i--) {
            steps.add(new Step.Map2(BinaryOp.ADD, sum, i, DTYPE, Extent.ALL));
            sum = steps.size() - 1;
        }
        return new Program(steps, List.of(new Program.Output(sum, Extent.ALL)));
    }
}
