package tensor.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A device with some bytes that computes nothing and writes down what it is asked for.
final class FakeDriver implements Driver {
    /// A piece of its memory, by number.
    record Piece(int number, long byteSize) implements Memory {}

    /// A kernel, by name.
    record Named(String name) implements Kernel {}

    /// A launch.
    record Launch(String kernel, long groups, int groupSize, List<Argument> arguments) {}

    final List<Launch> launches = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final Set<Piece> pieces = new LinkedHashSet<>();
    private final DeviceTraits traits;
    private int allocations;

    FakeDriver(long byteSize, DeviceTraits.Kind kind) {
        this.traits =
                new DeviceTraits(
                        "Abacus", "1", byteSize, Dialect.CUDA, kind, 4096, true, Factors.FLOAT32);
    }

    @Override
    public DeviceTraits traits() {
        return traits;
    }

    @Override
    public Memory allocate(long byteSize) {
        long used = pieces.stream().mapToLong(Piece::byteSize).sum();
        if (used + byteSize > traits.byteSize()) {
            throw new OutOfMemoryError("Abacus is full");
        }
        var piece = new Piece(allocations++, byteSize);
        pieces.add(piece);
        return piece;
    }

    @Override
    public void free(Memory memory) {
        pieces.remove((Piece) memory);
    }

    @Override
    public void upload(MemorySegment host, Memory target) {}

    @Override
    public void download(Memory source, MemorySegment host) {
        host.fill((byte) 0);
    }

    @Override
    public void fill(Memory target, long byteSize, byte value) {}

    @Override
    public Map<String, Kernel> compile(String text, List<String> names) {
        texts.add(text);
        Map<String, Kernel> kernels = new HashMap<>();
        names.forEach(name -> kernels.put(name, new Named(name)));
        return kernels;
    }

    @Override
    public void launch(Kernel kernel, long groups, int groupSize, List<Argument> arguments) {
        launches.add(new Launch(((Named) kernel).name(), groups, groupSize, arguments));
    }

    @Override
    public void synchronize() {}
}
