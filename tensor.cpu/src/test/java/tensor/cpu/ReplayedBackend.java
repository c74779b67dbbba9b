package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Capture;
import tensor.spi.Contraction;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// Captures each operation on other elements, those of its operands in reverse, and does it again on the real ones.
final class ReplayedBackend implements Backend {
    private final Backend backend;

    ReplayedBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        return backend.allocate(dtype, elementCount);
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        backend.upload(host, target);
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        backend.download(source, host);
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        twice(on -> backend.unary(op, on.get(0), on.get(1)), x, out);
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        twice(on -> backend.binary(op, on.get(0), on.get(1), on.get(2)), a, b, out);
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        twice(
                on -> backend.where(on.get(0), on.get(1), on.get(2), on.get(3)),
                condition,
                a,
                b,
                out);
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        twice(on -> backend.reduce(op, on.get(0), axes, on.get(1)), x, out);
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        twice(on -> backend.cumSum(on.get(0), axis, on.get(1)), x, out);
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        twice(on -> backend.position(op, on.get(0), axis, on.get(1)), x, out);
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        twice(on -> backend.argSort(order, on.get(0), axis, on.get(1)), x, out);
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        twice(on -> backend.matMul(on.get(0), on.get(1), on.get(2)), a, b, out);
    }

    @Override
    public void contract(Contraction by, Operand a, Operand b, Operand out) {
        twice(on -> backend.contract(by, on.get(0), on.get(1), on.get(2)), a, b, out);
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        twice(on -> backend.gather(on.get(0), on.get(1), axis, on.get(2)), x, index, out);
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        twice(on -> backend.scatterAdd(on.get(0), on.get(1), axis, on.get(2)), index, source, out);
    }

    @Override
    public void cast(Operand x, Operand out) {
        twice(on -> backend.cast(on.get(0), on.get(1)), x, out);
    }

    @Override
    public void copy(Operand x, Operand out) {
        twice(on -> backend.copy(on.get(0), on.get(1)), x, out);
    }

    @Override
    public void fill(Operand out, long bits) {
        twice(on -> backend.fill(on.get(0), bits), out);
    }

    @Override
    public void random(long key, long stream, Operand out) {
        twice(on -> backend.random(key, stream, on.get(0)), out);
    }

    @Override
    public void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        List<Operand> all = new ArrayList<>(inputs);
        all.addAll(outputs);
        int count = inputs.size();
        twice(
                on ->
                        backend.run(
                                program,
                                domain,
                                on.subList(0, count),
                                on.subList(count, on.size())),
                all.toArray(Operand[]::new));
    }

    @Override
    public void synchronize() {
        backend.synchronize();
    }

    private void twice(Consumer<List<Operand>> operation, Operand... operands) {
        Map<Storage, Storage> others = new HashMap<>();
        List<Operand> on = new ArrayList<>();
        for (Operand operand : operands) {
            Storage other = others.computeIfAbsent(operand.storage(), this::reversed);
            on.add(new Operand(other, operand.layout()));
        }
        try (Capture capture = captured(operation, on, List.copyOf(others.values()))) {
            others.forEach((storage, other) -> move(storage, other));
            capture.replay();
            others.forEach((storage, other) -> move(other, storage));
        } finally {
            others.values().forEach(other -> other.release("replayed"));
        }
    }

    private Capture captured(
            Consumer<List<Operand>> operation, List<Operand> on, List<Storage> given) {
        return backend.capture(given, () -> operation.accept(on)).orElseThrow();
    }

    private Storage reversed(Storage storage) {
        Storage other = backend.allocate(storage.dtype(), storage.elementCount());
        int bytes = storage.dtype().byteSize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(1, storage.byteSize()), 64);
            MemorySegment turned = arena.allocate(Math.max(1, storage.byteSize()), 64);
            backend.download(storage, host);
            for (long at = 0; at < storage.byteSize(); at += bytes) {
                long to = storage.byteSize() - bytes - at;
                MemorySegment.copy(host, at, turned, to, bytes);
            }
            backend.upload(turned, other);
        }
        return other;
    }

    private void move(Storage from, Storage to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(1, from.byteSize()), 64);
            backend.download(from, host);
            backend.upload(host, to);
        }
    }
}
