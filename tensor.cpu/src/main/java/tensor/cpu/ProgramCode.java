package tensor.cpu;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// A program with the loop of each step, and what follows from its steps alone.
final class ProgramCode {
    final List<Step> steps;
    final List<Program.Output> outputs;
    final boolean hasRows;
    final Loop[] loops;

    /// For each step the steps that it takes.
    final int[][] takes;

    /// More kinds of runs than a training run has; then all begin anew.
    private static final int KEPT = 64;

    private final Map<ProgramPlan.Case, ProgramPlan> plans = new ConcurrentHashMap<>();
    private final Map<BitSet, ProgramSchedule> schedules = new ConcurrentHashMap<>();

    /// The inputs that are numbers for rows.
    private final BitSet ofRows = new BitSet();

    /// Of the widest type.
    final int elementBytes;

    ProgramCode(Program program, Loops loops, ReduceKernels reductions) {
        this.steps = program.steps();
        this.outputs = program.outputs();
        this.hasRows = program.hasRows();
        int count = steps.size();
        this.loops = new Loop[count];
        this.takes = new int[count][];
        int widest = 1;
        for (int i = 0; i < count; i++) {
            this.loops[i] = loop(i, loops, reductions);
            takes[i] = steps.get(i).takes();
            widest = Math.max(widest, steps.get(i).dtype().byteSize());
            if (steps.get(i) instanceof Step.Input(int number, _, Extent extent)) {
                ofRows.set(number, extent == Extent.ROW);
            }
        }
        this.elementBytes = widest;
    }

    /// {@return whether an input is one number for each row}
    boolean isOfRows(int input) {
        return ofRows.get(input);
    }

    /// {@return where values are in runs of one kind}
    ProgramPlan plan(ProgramPlan.Case of) {
        ProgramPlan known = plans.get(of);
        if (known != null) {
            return known;
        }
        if (plans.size() >= KEPT) {
            plans.clear();
        }
        var made = new ProgramPlan(this, of);
        plans.put(of, made);
        return made;
    }

    /// {@return by what loops this is computed}
    ///
    /// @param fixed for each step whether its value is the same in all blocks
    /// @param inStretches whether it is worth while to write loops for it
    /// @param byRows whether these may go row by row
    ProgramSchedule schedule(boolean[] fixed, boolean inStretches, boolean byRows) {
        var key = new BitSet();
        for (int i = 0; i < fixed.length; i++) {
            key.set(i, fixed[i]);
        }
        key.set(fixed.length, inStretches);
        key.set(fixed.length + 1, byRows);
        ProgramSchedule known = schedules.get(key);
        if (known != null) {
            return known;
        }
        List<Stretch> stretches =
                inStretches ? Stretch.of(steps, outputs, fixed, byRows) : List.of();
        var made = new ProgramSchedule(this, fixed, stretches);
        schedules.put(key, made);
        return made;
    }

    /// {@return what computes a step; inputs and constants are loaded by the frame}
    private Loop loop(int i, Loops loops, ReduceKernels reductions) {
        boolean isRow = steps.get(i).extent() == Extent.ROW;
        return switch (steps.get(i)) {
            case Step.Input _, Step.Constant _ -> (_, _, _) -> {};
            case Step.Map1(UnaryOp op, int x, DType dtype, _) ->
                    unary(i, x, isRow, loops.unary(op, dtype));
            case Step.Cast(int x, DType dtype, _) ->
                    unary(i, x, isRow, loops.cast(steps.get(x).dtype(), dtype));
            case Step.Map2(BinaryOp op, int a, int b, _, _) ->
                    binary(i, a, b, isRow, loops.binary(op, steps.get(a).dtype()));
            case Step.Where(int condition, int a, int b, DType dtype, _) ->
                    where(i, condition, a, b, isRow, loops.where(dtype));
            case Step.Fold(ReduceOp op, int x, DType dtype) ->
                    fold(i, x, reductions.rows(op, dtype, loops.binary(op.pairwise(), dtype)));
            case Step.Spread(int x, DType dtype) ->
                    (frame, rows, elements) ->
                            frame.spread(x, i, dtype.byteSize(), rows, elements / rows);
        };
    }

    private static Loop unary(int i, int x, boolean isRow, UnaryKernel kernel) {
        return (frame, rows, elements) ->
                kernel.run(
                        frame.segments[x],
                        frame.offsets[x],
                        frame.segments[i],
                        frame.offsets[i],
                        isRow ? rows : elements);
    }

    private static Loop binary(int i, int a, int b, boolean isRow, BinaryKernel kernel) {
        return (frame, rows, elements) ->
                kernel.run(
                        frame.segments[a],
                        frame.offsets[a],
                        frame.segments[b],
                        frame.offsets[b],
                        frame.segments[i],
                        frame.offsets[i],
                        isRow ? rows : elements);
    }

    private static Loop where(
            int i, int condition, int a, int b, boolean isRow, WhereKernel kernel) {
        return (frame, rows, elements) ->
                kernel.run(
                        frame.segments[condition],
                        frame.offsets[condition],
                        frame.segments[a],
                        frame.offsets[a],
                        frame.segments[b],
                        frame.offsets[b],
                        frame.segments[i],
                        frame.offsets[i],
                        isRow ? rows : elements);
    }

    private static Loop fold(int i, int x, ReduceKernels.RowFold kernel) {
        return (frame, rows, elements) ->
                kernel.fold(
                        frame.segments[x],
                        frame.offsets[x],
                        rows,
                        elements / rows,
                        frame.segments[i],
                        frame.offsets[i],
                        frame.scratch());
    }

    /// Computes one step on a block.
    interface Loop {
        /// Computes the value of the step.
        ///
        /// @param rows how many rows the block has
        /// @param elements how many elements they have together
        void run(ProgramFrame frame, int rows, int elements);
    }
}
