package tensor.cpu;

import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// What is decided once for a run of a program: the loop of each step, and the place of its value.
///
/// A value is read where it lies, if it is an input without gaps; it is written to its output, if loops may run over there; else
/// it is in a *register*, memory for one block, which goes to another value after its last use. Values that are the same in
/// all blocks are *fixed*: they are computed once for a thread, and keep their registers.
final class ProgramPlan {
    /// The place of a value that is no register, or no output.
    static final int NONE = -1;

    final List<Step> steps;
    final List<Program.Output> outputs;
    final List<Dense> inputs;
    final List<Operand> targets;

    /// Elements of a row, and rows of a block.
    final int row;

    final int rowsPerBlock;

    private final boolean isOneBlock;

    final Loop[] loops;

    /// For each step its register, or [#NONE].
    final int[] registers;

    /// For each step the output that it writes to, or [#NONE].
    final int[] direct;

    /// For each step whether its value is the same in all blocks.
    final boolean[] fixed;

    final int registerCount;

    /// Of the widest type.
    final int elementBytes;

    ProgramPlan(
            Program program,
            int row,
            int rowsPerBlock,
            boolean isOneBlock,
            List<Dense> inputs,
            List<Operand> targets,
            Loops loops,
            ReduceKernels reductions) {
        this.steps = program.steps();
        this.outputs = program.outputs();
        this.inputs = inputs;
        this.targets = targets;
        this.row = row;
        this.rowsPerBlock = rowsPerBlock;
        this.isOneBlock = isOneBlock;
        int count = steps.size();
        this.loops = new Loop[count];
        this.registers = new int[count];
        this.direct = new int[count];
        this.fixed = new boolean[count];
        int widest = 1;
        for (int i = 0; i < count; i++) {
            this.loops[i] = loop(i, loops, reductions);
            fixed[i] = isFixed(steps.get(i));
            direct[i] = NONE;
            registers[i] = NONE;
            widest = Math.max(widest, steps.get(i).dtype().byteSize());
        }
        this.elementBytes = widest;
        writeDirectly();
        this.registerCount = allocate();
    }

    /// {@return whether an input is read where it lies}
    boolean isDense(Step step) {
        return step instanceof Step.Input in && inputs.get(in.number()).period() == Long.MAX_VALUE;
    }

    private boolean isFixed(Step step) {
        return switch (step) {
            case Step.Input in -> !isDense(in) && begins(in);
            case Step.Constant _ -> true;
            case Step.Fold _ -> false;
            default -> {
                boolean all = true;
                for (int taken : step.takes()) {
                    all &= fixed[taken];
                }
                yield all;
            }
        };
    }

    /// {@return whether every block begins where an input begins anew}
    private boolean begins(Step.Input in) {
        long period = inputs.get(in.number()).period();
        return isOneBlock
                || (in.extent() == Extent.ALL && (long) row * rowsPerBlock % period == 0);
    }

    /// Loops run over by less than 64 elements, into what the next block writes.
    private void writeDirectly() {
        if (!isOneBlock && (long) row * rowsPerBlock % Dense.UNIT != 0) {
            return;
        }
        for (int k = 0; k < outputs.size(); k++) {
            int i = outputs.get(k).step();
            Step step = steps.get(i);
            if (!(step instanceof Step.Input)
                    && step.extent() == Extent.ALL
                    && !fixed[i]
                    && direct[i] == NONE
                    && isWhole(targets.get(k))) {
                direct[i] = k;
            }
        }
    }

    private static boolean isWhole(Operand out) {
        Layout layout = out.layout();
        return layout.offset() == 0
                && layout.shape().elementCount() == out.storage().elementCount();
    }

    /// Gives registers to values, from the first step to the last; one is free after the last step that takes its value.
    ///
    /// @return how many there are
    private int allocate() {
        int count = steps.size();
        int[] lastUse = new int[count];
        for (int i = 0; i < count; i++) {
            for (int taken : steps.get(i).takes()) {
                lastUse[taken] = i;
            }
        }
        for (Program.Output output : outputs) {
            lastUse[output.step()] = count;
        }
        int[] free = new int[count];
        int freeCount = 0;
        int made = 0;
        for (int i = 0; i < count; i++) {
            if (!isDense(steps.get(i)) && direct[i] == NONE) {
                registers[i] = freeCount > 0 && !fixed[i] ? free[--freeCount] : made++;
            }
            for (int taken : steps.get(i).takes()) {
                if (lastUse[taken] == i && registers[taken] != NONE && !fixed[taken]) {
                    free[freeCount++] = registers[taken];
                    lastUse[taken] = NONE; // where a step takes a value twice
                }
            }
        }
        return made;
    }

    /// {@return what computes a step; inputs and constants are loaded by the frame}
    private Loop loop(int i, Loops loops, ReduceKernels reductions) {
        return switch (steps.get(i)) {
            case Step.Input _, Step.Constant _ -> (_, _) -> {};
            case Step.Map1(UnaryOp op, int x, DType dtype, _) ->
                    unary(i, x, loops.unary(op, dtype));
            case Step.Cast(int x, DType dtype, _) ->
                    unary(i, x, loops.cast(steps.get(x).dtype(), dtype));
            case Step.Map2(BinaryOp op, int a, int b, _, _) ->
                    binary(i, a, b, loops.binary(op, steps.get(a).dtype()));
            case Step.Where(int condition, int a, int b, DType dtype, _) ->
                    where(i, condition, a, b, loops.where(dtype));
            case Step.Fold(ReduceOp op, int x, DType dtype) -> {
                var fold = reductions.rows(op, dtype, loops.binary(op.pairwise(), dtype));
                yield (frame, rows) ->
                        fold.fold(
                                frame.segments[x],
                                frame.offsets[x],
                                rows,
                                row,
                                frame.segments[i],
                                frame.offsets[i],
                                frame.scratch());
            }
            case Step.Spread(int x, DType dtype) ->
                    (frame, rows) -> frame.spread(x, i, dtype.byteSize(), rows);
        };
    }

    private Loop unary(int i, int x, UnaryKernel kernel) {
        int width = width(i);
        return (frame, rows) ->
                kernel.run(
                        frame.segments[x],
                        frame.offsets[x],
                        frame.segments[i],
                        frame.offsets[i],
                        rows * width);
    }

    private Loop binary(int i, int a, int b, BinaryKernel kernel) {
        int width = width(i);
        return (frame, rows) ->
                kernel.run(
                        frame.segments[a],
                        frame.offsets[a],
                        frame.segments[b],
                        frame.offsets[b],
                        frame.segments[i],
                        frame.offsets[i],
                        rows * width);
    }

    private Loop where(int i, int condition, int a, int b, WhereKernel kernel) {
        int width = width(i);
        return (frame, rows) ->
                kernel.run(
                        frame.segments[condition],
                        frame.offsets[condition],
                        frame.segments[a],
                        frame.offsets[a],
                        frame.segments[b],
                        frame.offsets[b],
                        frame.segments[i],
                        frame.offsets[i],
                        rows * width);
    }

    /// {@return how many numbers a value has for each row of a block} One that is the same everywhere is there for each
    /// element.
    int width(int step) {
        return steps.get(step).extent() == Extent.ROW ? 1 : row;
    }

    /// Computes one step on the rows of a block.
    interface Loop {
        void run(ProgramFrame frame, int rows);
    }
}
