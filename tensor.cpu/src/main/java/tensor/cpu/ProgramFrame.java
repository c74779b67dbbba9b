package tensor.cpu;

import java.lang.foreign.MemorySegment;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.Step;

/// The registers of one thread that runs a program, and where the values of the present block are.
final class ProgramFrame implements AutoCloseable {
    private final ProgramPlan plan;
    private final MemoryPool.Block memory;
    private final long scratchOffset;

    /// For each step where its value begins.
    final MemorySegment[] segments;

    final long[] offsets;

    ProgramFrame(ProgramPlan plan, MemoryPool pool) {
        this.plan = plan;
        int count = plan.steps.size();
        long elements = (long) plan.row * plan.rowsPerBlock;
        long registerBytes = Math.ceilDiv(elements * plan.elementBytes, 64) * 64 + MemoryPool.SLACK;
        this.scratchOffset = registerBytes * plan.registerCount;
        this.memory =
                pool.take(scratchOffset + (long) ReduceKernels.BLOCK * plan.elementBytes);
        this.segments = new MemorySegment[count];
        this.offsets = new long[count];
        for (int i = 0; i < count; i++) {
            segments[i] = memory.segment();
            offsets[i] = plan.registers[i] * registerBytes;
            if (plan.fixed[i]) {
                load(i, 0, plan.rowsPerBlock);
                plan.loops[i].run(this, plan.rowsPerBlock);
            }
        }
    }

    /// Computes a block.
    ///
    /// @param first its first row
    /// @param rows how many
    void run(long first, int rows) {
        for (int i = 0; i < segments.length; i++) {
            if (!plan.fixed[i]) {
                aim(i, first);
                load(i, first, rows);
                plan.loops[i].run(this, rows);
            }
        }
        for (int k = 0; k < plan.outputs.size(); k++) {
            Program.Output output = plan.outputs.get(k);
            if (plan.direct[output.step()] != k) {
                store(output, plan.targets.get(k), first, rows);
            }
        }
    }

    /// Where a value is not in a register, finds its place in its operand.
    private void aim(int i, long first) {
        Step step = plan.steps.get(i);
        long at = first * plan.width(i) * step.dtype().byteSize();
        if (plan.direct[i] != ProgramPlan.NONE) {
            segments[i] = segment(plan.targets.get(plan.direct[i]));
            offsets[i] = at;
        } else if (step instanceof Step.Input in && plan.isDense(in)) {
            Dense dense = plan.inputs.get(in.number());
            segments[i] = dense.segment();
            offsets[i] = dense.offset() + at;
        }
    }

    /// Fills a register from an operand that repeats, or with a constant.
    private void load(int i, long first, int rows) {
        switch (plan.steps.get(i)) {
            case Step.Constant constant ->
                    FillLoop.run(
                            segments[i],
                            offsets[i],
                            constant.bits(),
                            constant.dtype().byteSize(),
                            (long) rows * plan.row);
            case Step.Input in when !plan.isDense(in) ->
                    repeat(
                            plan.inputs.get(in.number()),
                            first * plan.width(i),
                            (long) rows * plan.width(i),
                            in.dtype().byteSize(),
                            i);
            default -> {}
        }
    }

    private void repeat(Dense source, long first, long count, int bytes, int to) {
        long period = source.period();
        for (long done = 0; done < count; ) {
            long at = (first + done) % period;
            long length = Math.min(period - at, count - done);
            MemorySegment.copy(
                    source.segment(),
                    source.offset() + at * bytes,
                    segments[to],
                    offsets[to] + done * bytes,
                    length * bytes);
            done += length;
        }
    }

    /// Repeats the number of each row for its elements. A row may run over into the next one, which comes later.
    void spread(int from, int to, int bytes, int rows) {
        for (int r = 0; r < rows; r++) {
            long bits = Dense.element(segments[from], offsets[from] + (long) r * bytes, bytes);
            long at = offsets[to] + (long) r * plan.row * bytes;
            FillLoop.run(segments[to], at, bits, bytes, plan.row);
        }
    }

    private void store(Program.Output output, Operand target, long first, int rows) {
        int bytes = target.dtype().byteSize();
        int width = output.extent() == Extent.ROW ? 1 : plan.row;
        MemorySegment.copy(
                segments[output.step()],
                offsets[output.step()],
                segment(target),
                (target.layout().offset() + first * width) * bytes,
                (long) rows * width * bytes);
    }

    /// {@return memory for a fold}
    MemorySegment scratch() {
        return memory.segment().asSlice(scratchOffset);
    }

    private static MemorySegment segment(Operand operand) {
        return ((CpuStorage) operand.storage()).segment();
    }

    @Override
    public void close() {
        memory.giveBack();
    }
}
