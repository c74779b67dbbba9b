package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// The registers of one thread that runs a program, and where the values of the present block are.
final class ProgramFrame implements AutoCloseable {
    private final ProgramPlan plan;
    private final List<ProgramInput> inputs;
    private final List<ProgramOutput> outputs;
    private final ProgramCode code;
    private final MemoryPool.Block memory;
    private final long scratchOffset;

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
        int elements = plan.row * plan.rowsPerBlock;
        long bytes = Math.ceilDiv((long) elements * code.elementBytes, 64) * 64;
        long registerBytes = bytes + MemoryPool.SLACK;
        this.scratchOffset = registerBytes * plan.registerCount;
        long scratchBytes = code.hasRows ? (long) ReduceKernels.BLOCK * code.elementBytes : 0;
        this.memory = pool.take(scratchOffset + scratchBytes);
        int count = code.loops.length;
        this.segments = new MemorySegment[count];
        this.offsets = new long[count];
        for (int i = 0; i < count; i++) {
            segments[i] = memory.segment();
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
                input.load(first * width, rows * width, segments[i], offsets[i]);
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
        return memory.segment().asSlice(scratchOffset);
    }

    @Override
    public void close() {
        memory.giveBack();
    }
}
