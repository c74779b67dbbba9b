package tensor.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tensor.gpu.DeviceTraits;
import tensor.gpu.Dialect;
import tensor.gpu.Driver;
import tensor.gpu.Factors;

/// A device that computes nothing and keeps the texts of kernels.
final class TextDriver implements Driver {
    private record Nothing() implements Memory, Kernel {}

    private final List<String> texts = new ArrayList<>();

    /// {@return the texts in the order in which they were needed}
    List<String> all() {
        return texts;
    }

    @Override
    public DeviceTraits traits() {
        return new DeviceTraits(
                "", "", 1L << 40, Dialect.CUDA, DeviceTraits.Kind.GPU, 4096, true, Factors.FLOAT32);
    }

    @Override
    public Memory allocate(long byteSize) {
        return new Nothing();
    }

    @Override
    public void free(Memory memory) {}

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
        names.forEach(name -> kernels.put(name, new Nothing()));
        return kernels;
    }

    @Override
    public void launch(Kernel kernel, long groups, int groupSize, List<Argument> arguments) {}

    @Override
    public void synchronize() {}
}
