package tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.Step;

/// Runs programs block by block, each step by the loop of its operation: so all that lies between the inputs and the outputs
/// stays in the first-level cache, and the bits are those of the single operations.
///
/// A block is a number of whole rows, or of single elements where the program has no rows. Blocks begin at multiples of 64
/// elements if rows are short enough to allow that; then results are written to their places at once, though loops run over.
final class ProgramKernel {
    private static final int BLOCK_ELEMENTS = 2048;
    private static final int PIECE_ELEMENTS = 1 << 16;

    /// More programs than a training run has; then all begin anew.
    private static final int KEPT = 2048;

    private final Map<Program, ProgramCode> codes = new ConcurrentHashMap<>();

    /// Programs of equal steps, as those for tensors of other shapes are, have one code: each loop of it has to be compiled.
    private final Map<Text, ProgramCode> written = new ConcurrentHashMap<>();

    private final MemoryPool pool;
    private final CopyKernel copies;
    private final ReduceKernels reductions;
    private final Loops loops;
    private final Parallel parallel;

    ProgramKernel(
            MemoryPool pool,
            CopyKernel copies,
            ReduceKernels reductions,
            Loops loops,
            Parallel parallel) {
        this.pool = pool;
        this.copies = copies;
        this.reductions = reductions;
        this.loops = loops;
        this.parallel = parallel;
    }

    /// {@return whether rows are short enough}
    boolean takes(Program program, Shape domain) {
        return !program.hasRows() || domain.size(-1) <= ReduceKernels.LONGEST_ROW;
    }

    /// Computes the outputs.
    void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        ProgramCode code = code(program);
        int row = code.hasRows ? domain.size(-1) : 1;
        long rows = domain.elementCount() / row;
        int perBlock = (int) Math.min(rows, rowsPerBlock(row));
        long perPiece = (long) perBlock * Math.max(1, PIECE_ELEMENTS / (perBlock * row));
        List<ProgramInput> sources = new ArrayList<>(inputs.size());
        try {
            for (Operand input : inputs) {
                sources.add(ProgramInput.of(input, pool, copies));
            }
            List<ProgramOutput> targets = new ArrayList<>(outputs.size());
            for (Operand output : outputs) {
                targets.add(new ProgramOutput(output));
            }
            ProgramPlan plan =
                    code.plan(ProgramPlan.Case.of(code, row, perBlock, rows, sources, targets));
            Idle<ProgramFrame> frames =
                    new Idle<>(() -> new ProgramFrame(plan, sources, targets, pool));
            parallel.ranges(
                    rows,
                    perPiece,
                    (first, last) -> {
                        ProgramFrame frame = frames.take();
                        try {
                            frame.begin();
                            for (long at = first; at < last; at += perBlock) {
                                frame.run(at, (int) Math.min(perBlock, last - at));
                            }
                        } finally {
                            frame.end();
                        }
                        frames.giveBack(frame);
                    });
        } finally {
            sources.forEach(ProgramInput::close);
        }
    }

    private ProgramCode code(Program program) {
        ProgramCode known = codes.get(program);
        if (known != null) {
            return known;
        }
        if (codes.size() >= KEPT) {
            codes.clear();
            written.clear();
        }
        ProgramCode made =
                written.computeIfAbsent(
                        new Text(program.steps(), program.outputs()),
                        _ -> new ProgramCode(program, loops, reductions));
        codes.put(program, made);
        return made;
    }

    /// What a program says.
    private record Text(List<Step> steps, List<Program.Output> outputs) {}

    /// As many as are whole multiples of 64 elements, if such a block is not much longer than it should be.
    private static int rowsPerBlock(int row) {
        int unit = Dense.UNIT / Math.min(Dense.UNIT, Integer.lowestOneBit(row));
        int wanted = Math.max(1, BLOCK_ELEMENTS / row);
        int whole = Math.ceilDiv(wanted, unit) * unit;
        return (long) whole * row <= 4 * BLOCK_ELEMENTS ? whole : wanted;
    }
}
