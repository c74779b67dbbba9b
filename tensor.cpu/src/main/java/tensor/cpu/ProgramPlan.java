package tensor.cpu;

import java.util.List;
import tensor.spi.Extent;
import tensor.spi.Step;

/// Where the values of a program are in one run of it.
///
/// A value is read where it lies, if it is an input without gaps; it is written to its output, if loops may run over there; else
/// it is in a *register*, memory for one block, which goes to another value after its last use. Values that are the same in
/// all blocks are *fixed*: they are computed once for a thread, and keep their registers.
final class ProgramPlan {
    /// The place of a value that is no register, or no output.
    static final int NONE = -1;

    /// Fewer elements do not pay for a loop of their own.
    private static final int FEWEST = 1024;

    /// Rows of a multiple of so many elements are walked one by one without running over.
    private static final int WHOLE = 16;

    final ProgramCode code;
    final ProgramSchedule schedule;
    final List<ProgramInput> inputs;
    final List<ProgramOutput> outputs;

    /// Elements of a row, and rows of a block.
    final int row;

    final int rowsPerBlock;

    /// For each step its register, or [#NONE].
    final int[] registers;

    /// For each step the output that it writes to, or [#NONE].
    final int[] direct;

    /// For each step whether its value is the same in all blocks.
    final boolean[] fixed;

    final int registerCount;

    ProgramPlan(
            ProgramCode code,
            int row,
            int rowsPerBlock,
            long rows,
            List<ProgramInput> inputs,
            List<ProgramOutput> outputs) {
        this.code = code;
        this.row = row;
        this.rowsPerBlock = rowsPerBlock;
        this.inputs = inputs;
        this.outputs = outputs;
        boolean isOneBlock = rows == rowsPerBlock;
        int count = code.loops.length;
        this.registers = new int[count];
        this.direct = new int[count];
        this.fixed = new boolean[count];
        for (int i = 0; i < count; i++) {
            fixed[i] = isFixed(i, isOneBlock);
            direct[i] = NONE;
        }
        this.schedule = code.schedule(fixed, rows * row >= FEWEST, row % WHOLE == 0);
        writeDirectly(isOneBlock);
        this.registerCount = allocate();
    }

    /// {@return the input that a step reads where it lies, or null}
    boolean isDense(int step) {
        return code.steps.get(step) instanceof Step.Input in && inputs.get(in.number()).isDense();
    }

    private boolean isFixed(int i, boolean isOneBlock) {
        return switch (code.steps.get(i)) {
            case Step.Input in -> {
                ProgramInput input = inputs.get(in.number());
                long block = in.extent() == Extent.ROW ? rowsPerBlock : (long) row * rowsPerBlock;
                yield !input.isDense() && (isOneBlock || input.repeats(block));
            }
            case Step.Constant _ -> true;
            case Step.Fold _ -> false;
            default -> {
                boolean all = true;
                for (int taken : code.takes[i]) {
                    all &= fixed[taken];
                }
                yield all;
            }
        };
    }

    /// Loops run over by less than 64 elements, into what the next block writes, maybe on another thread: so a block must end
    /// where they do, and rows too where they are filled one by one.
    private void writeDirectly(boolean isOneBlock) {
        if (!isOneBlock && (long) row * rowsPerBlock % Dense.UNIT != 0) {
            return;
        }
        for (int k = 0; k < outputs.size(); k++) {
            int i = code.outputs.get(k).step();
            Step step = code.steps.get(i);
            boolean endsInBlocks = !(step instanceof Step.Spread) || row % Dense.UNIT == 0;
            if (!(step instanceof Step.Input)
                    && (isOneBlock || endsInBlocks)
                    && step.extent() == Extent.ALL
                    && !fixed[i]
                    && direct[i] == NONE
                    && outputs.get(k).isWhole()) {
                direct[i] = k;
            }
        }
    }

    /// Gives registers to values, from the first step to the last; one is free after the last step that needs its value.
    ///
    /// @return how many there are
    private int allocate() {
        int count = registers.length;
        int[] free = new int[count];
        int freeCount = 0;
        int made = 0;
        for (int i = 0; i < count; i++) {
            if (isDense(i) || direct[i] != NONE || !schedule.isPlaced[i]) {
                registers[i] = NONE;
            } else {
                registers[i] = freeCount > 0 && !fixed[i] ? free[--freeCount] : made++;
            }
            for (int value : schedule.dying[i]) {
                if (registers[value] != NONE) {
                    free[freeCount++] = registers[value];
                }
            }
        }
        return made;
    }
}
