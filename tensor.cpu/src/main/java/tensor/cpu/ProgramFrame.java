package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// The registers of one thread that runs a program, and where the values of the present block are.
///
/// It has memory from [#begin] to [#end], and may then begin again.
final class ProgramFrame {
    private final ProgramPlan plan;
    private final List<ProgramInput> inputs;
    private final List<ProgramOutput> outputs;
    private final ProgramCode code;
    private final MemoryPool pool;
    private final long registerBytes;
    private final long scratchOffset;
    private final long byteSize;
    private final Walk.@Nullable Position[] inputPlaces;
    private final Walk.@Nullable Position[] outputPlaces;
    private MemoryPool.@Nullable Block memory;

    private MemorySegment scratch = MemorySegment.NULL;

    /// Whose scratch memory that is.
    private MemoryPool.@Nullable Block last;

    /// For each step where its value begins.
    final MemorySegment[] segments;

    final long[] offsets;

    ProgramFrame(
            ProgramPlan plan,
            List<ProgramInput> inputs,
            List<ProgramOutput> outputs,
            MemoryPool pool) {
        this.plan = plan;
        this.inputs = inputs;
        this.outputs = outputs;
        this.code = plan.code;
        this.pool = pool;
        int elements = plan.row * plan.rowsPerBlock;
        long bytes = Math.ceilDiv((long) elements * code.elementBytes, 64) * 64;
        this.registerBytes = bytes + MemoryPool.SLACK;
        this.scratchOffset = registerBytes * plan.registerCount;
        long scratchBytes = code.hasRows ? (long) ReduceKernels.BLOCK * code.elementBytes : 0;
        this.byteSize = scratchOffset + scratchBytes;
        int count = code.loops.length;
        this.segments = new MemorySegment[count];
        this.offsets = new long[count];
        this.inputPlaces = new Walk.Position[inputs.size()];
        for (int i = 0; i < inputPlaces.length; i++) {
            inputPlaces[i] = inputs.get(i).place();
        }
        this.outputPlaces = new Walk.Position[outputs.size()];
        for (int i = 0; i < outputPlaces.length; i++) {
            outputPlaces[i] = outputs.get(i).place();
        }
    }

    /// Takes memory, and computes what is the same in all blocks.
    void begin() {
        MemoryPool.Block block = pool.take(byteSize);
        MemorySegment segment = block.segment();
        memory = block;
        if (code.hasRows && !block.equals(last)) { // a slice is an object
            scratch = segment.asSlice(scratchOffset);
            last = block;
        }
        int elements = plan.row * plan.rowsPerBlock;
        for (int i = 0; i < segments.length; i++) {
            segments[i] = segment;
            offsets[i] = plan.registers[i] * registerBytes;
            if (plan.fixed[i]) {
                load(i, 0, plan.rowsPerBlock);
                plan.schedule.loops[i].run(this, plan.rowsPerBlock, elements);
            }
        }
    }

    /// Computes a block.
    ///
    /// @param first its first row
    /// @param rows how many
    void run(long first, int rows) {
        int elements = rows * plan.row;
        for (int i = 0; i < segments.length; i++) {
            if (!plan.fixed[i]) {
                aim(i, first);
                load(i, first, rows);
                plan.schedule.loops[i].run(this, rows, elements);
            }
        }
        for (int k = 0; k < outputs.size(); k++) {
            Program.Output output = code.outputs.get(k);
            if (plan.direct[output.step()] != k) {
                int width = width(output.extent());
                outputs.get(k)
                        .store(
                                outputPlaces[k],
                                segments[output.step()],
                                offsets[output.step()],
                                first * width,
                                (long) rows * width);
            }
        }
    }

    private int width(Extent extent) {
        return extent == Extent.ROW ? 1 : plan.row;
    }

    /// Where a value is not in a register, finds its place in its operand.
    private void aim(int i, long first) {
        if (plan.registers[i] != ProgramPlan.NONE || !plan.schedule.isPlaced[i]) {
            return;
        }
        Step step = code.steps.get(i);
        long at = first * width(step.extent());
        if (step instanceof Step.Input in) {
            ProgramInput input = inputs.get(in.number());
            segments[i] = input.segment();
            offsets[i] = input.offset(at);
        } else {
            ProgramOutput output = outputs.get(plan.direct[i]);
            segments[i] = output.segment();
            offsets[i] = output.offset(at);
        }
    }

    /// Fills the register of an input or a constant.
    private void load(int i, long first, int rows) {
        if (plan.registers[i] == ProgramPlan.NONE) {
            return;
        }
        switch (code.steps.get(i)) {
            case Step.Constant constant ->
                    FillLoop.run(
                            segments[i],
                            offsets[i],
                            constant.bits(),
                            constant.dtype().byteSize(),
                            (long) rows * plan.row);
            case Step.Input in -> {
                long width = width(in.extent());
                ProgramInput input = inputs.get(in.number());
                Walk.Position place = inputPlaces[in.number()];
                input.load(place, first * width, rows * width, segments[i], offsets[i]);
            }
            default -> {}
        }
    }

    /// Repeats the number of each row for its elements. A row may run over into the next one, which comes later.
    void spread(int from, int to, int bytes, int rows, int row) {
        for (int r = 0; r < rows; r++) {
            long bits = Dense.element(segments[from], offsets[from] + (long) r * bytes, bytes);
            FillLoop.run(segments[to], offsets[to] + (long) r * row * bytes, bits, bytes, row);
        }
    }

    /// {@return memory for a fold}
    MemorySegment scratch() {
        return scratch;
    }

    /// Gives the memory back.
    void end() {
        if (memory != null) {
            memory.giveBack();
            memory = null;
        }
    }
}
