package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;

/// When the memory of values may go to others.
class ProgramScheduleTest {
    private static final DType TYPE = DType.FLOAT32;

    @Test
    void whatAStretchReadsStaysUntilItsLoopHasRun() {
        List<Step> steps =
                List.of(
                        new Step.Input(0, TYPE, Extent.ALL),
                        new Step.Map2(BinaryOp.MUL, 0, 0, TYPE, Extent.ALL),
                        new Step.Input(1, TYPE, Extent.ALL), // loaded before the loop runs
                        new Step.Map2(BinaryOp.ADD, 1, 2, TYPE, Extent.ALL));
        int[][] dying = dying(steps, 3, false);
        assertArrayEquals(new int[0], dying[1]);
        assertArrayEquals(new int[] {0, 2}, dying[3]);
    }

    @Test
    void whatIsRepeatedForARowStaysUntilTheLoopThatRepeatsItHasRun() {
        List<Step> steps =
                List.of(
                        new Step.Input(0, TYPE, Extent.ALL),
                        new Step.Fold(ReduceOp.SUM, 0, TYPE),
                        new Step.Spread(1, TYPE), // nothing is written down here
                        new Step.Map2(BinaryOp.ADD, 0, 2, TYPE, Extent.ALL),
                        new Step.Map2(BinaryOp.MUL, 3, 0, TYPE, Extent.ALL));
        int[][] dying = dying(steps, 4, true);
        assertArrayEquals(new int[0], dying[2]);
        assertArrayEquals(new int[] {0, 1}, dying[4]);
    }

    private static int[][] dying(List<Step> steps, int result, boolean byRows) {
        var program = new Program(steps, List.of(new Program.Output(result, Extent.ALL)));
        var parallel = new Parallel(1);
        var copies = new CopyKernel(parallel);
        var reductions = new ReduceKernels(new MemoryPool(false, 0), copies, parallel);
        var code = new ProgramCode(program, new Loops(), reductions);
        return code.schedule(new boolean[steps.size()], true, byRows).dying;
    }
}
