package tensor.cpu;

import java.util.List;
import tensor.spi.Extent;
import tensor.spi.Step;

/// Where the values of a program are in its runs of one [Case].
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

    private final Case of;
    final ProgramCode code;
    final ProgramSchedule schedule;

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

    /// What a plan depends on beside the program.
    ///
    /// @param row elements of a row
    /// @param rowsPerBlock rows of a block
    /// @param isOneBlock whether there is no other one
    /// @param isLong whether loops of their own pay for it
    /// @param dense a bit for each input: whether it is read where it lies
    /// @param alike a bit for each input: whether all blocks of it are alike
    /// @param whole a bit for each output: whether loops may run over its end
    /// @param even a bit for each output: whether loops end where it does
    record Case(
            int row,
            int rowsPerBlock,
            boolean isOneBlock,
            boolean isLong,
            long dense,
            long alike,
            long whole,
            long even) {
        /// More inputs or outputs have no bit: they are loaded and stored block by block.
        private static final int MOST = Long.SIZE;

        static Case of(
                ProgramCode code,
                int row,
                int rowsPerBlock,
                long rows,
                List<ProgramInput> inputs,
                List<ProgramOutput> outputs) {
            boolean isOneBlock = rows == rowsPerBlock;
            long dense = 0;
            long alike = 0;
            for (int i = 0; i < Math.min(MOST, inputs.size()); i++) {
                ProgramInput input = inputs.get(i);
                long block = code.isOfRows(i) ? rowsPerBlock : (long) row * rowsPerBlock;
                if (input.isDense()) {
                    dense |= 1L << i;
                } else if (isOneBlock || input.repeats(block)) {
                    alike |= 1L << i;
                }
            }
            long whole = 0;
            long even = 0;
            for (int k = 0; k < Math.min(MOST, outputs.size()); k++) {
                whole |= outputs.get(k).isWhole() ? 1L << k : 0;
                even |= outputs.get(k).isEven() ? 1L << k : 0;
            }
            boolean isLong = rows * row >= FEWEST;
            return new Case(row, rowsPerBlock, isOneBlock, isLong, dense, alike, whole, even);
        }

        private static boolean has(long bits, int number) {
            return number < MOST && (bits >> number & 1) != 0;
        }
    }

    ProgramPlan(ProgramCode code, Case of) {
        this.code = code;
        this.of = of;
        this.row = of.row();
        this.rowsPerBlock = of.rowsPerBlock();
        int count = code.loops.length;
        this.registers = new int[count];
        this.direct = new int[count];
        this.fixed = new boolean[count];
        for (int i = 0; i < count; i++) {
            fixed[i] = isFixed(i);
            direct[i] = NONE;
        }
        this.schedule = code.schedule(fixed, of.isLong(), row % WHOLE == 0);
        writeDirectly();
        this.registerCount = allocate();
    }

    /// {@return whether a step is an input that is read where it lies}
    private boolean isDense(int step) {
        return code.steps.get(step) instanceof Step.Input in && Case.has(of.dense(), in.number());
    }

    private boolean isFixed(int i) {
        return switch (code.steps.get(i)) {
            case Step.Input in -> Case.has(of.alike(), in.number());
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
    private void writeDirectly() {
        if (!of.isOneBlock() && (long) row * rowsPerBlock % Dense.UNIT != 0) {
            return;
        }
        for (int k = 0; k < code.outputs.size(); k++) {
            int i = code.outputs.get(k).step();
            Step step = code.steps.get(i);
            boolean endsInBlocks = !(step instanceof Step.Spread) || row % Dense.UNIT == 0;
            boolean mayRunOver = Case.has(of.whole(), k) && of.isOneBlock();
            boolean ends = (Case.has(of.whole(), k) || Case.has(of.even(), k)) && endsInBlocks;
            if (!(step instanceof Step.Input)
                    && (mayRunOver || ends)
                    && step.extent() == Extent.ALL
                    && !fixed[i]
                    && direct[i] == NONE) {
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
