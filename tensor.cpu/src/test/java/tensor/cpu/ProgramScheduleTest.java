package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
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
        var program = new Program(steps, List.of(new Program.Output(3, Extent.ALL)));
        var parallel = new Parallel(1);
        var copies = new CopyKernel(parallel);
        var reductions = new ReduceKernels(new MemoryPool(false, 0), copies, parallel);
        var code = new ProgramCode(program, new Loops(), reductions);
        int[][] dying = code.schedule(new boolean[4], true, false).dying;
        assertArrayEquals(new int[0], dying[1]);
        assertArrayEquals(new int[] {0, 2}, dying[3]);
    }
}
