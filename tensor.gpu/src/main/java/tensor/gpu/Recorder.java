package tensor.gpu;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A driver that also writes down what one thread asks for, while that is to be done again.
final class Recorder implements Driver {
    /// A kernel with its name, for messages.
    record Named(String name, Kernel kernel) implements Kernel {}

    private final Driver driver;
    private final Optional<ProductLibrary> products;
    private final ScopedValue<Take> take = ScopedValue.newInstance();

    Recorder(Driver driver) {
        this.driver = driver;
        this.products =
                driver.products()
                        .map(library ->
                                of -> {
                                    recording().ifPresent(it -> it.calls().multiply(of));
                                    library.multiply(of);
                                });
    }

    /// Runs `body` and writes down what this thread asks for.
    void writing(Take into, Runnable body) {
        if (take.isBound()) {
            throw new IllegalStateException(
                    "capture: this thread is capturing already; captures do not nest");
        }
        ScopedValue.where(take, into).run(body);
    }

    /// {@return what this thread writes into, if it does}
    Optional<Take> recording() {
        return take.isBound() ? Optional.of(take.get()) : Optional.empty();
    }

    /// {@return the driver behind it}
    Driver driver() {
        return driver;
    }

    @Override
    public DeviceTraits traits() {
        return driver.traits();
    }

    @Override
    public Memory allocate(long byteSize) {
        return driver.allocate(byteSize);
    }

    @Override
    public void free(Memory memory) {
        driver.free(memory);
    }

    @Override
    public void upload(MemorySegment host, Memory target) {
        recording().ifPresent(it -> it.upload(host, target));
        driver.upload(host, target);
    }

    @Override
    public void download(Memory source, MemorySegment host) {
        if (take.isBound()) {
            throw take.get()
                    .calls()
                    .refuse(
                            "capture: elements are read on the host, which cannot be done again; return the tensor and read it afterwards");
        }
        driver.download(source, host);
    }

    @Override
    public void fill(Memory target, long byteSize, byte value) {
        recording().ifPresent(it -> it.calls().fill(target, byteSize, value));
        driver.fill(target, byteSize, value);
    }

    @Override
    public Map<String, Kernel> compile(String text, List<String> names) {
        Map<String, Kernel> named = new HashMap<>();
        driver.compile(text, names)
                .forEach((name, kernel) -> named.put(name, new Named(name, kernel)));
        return named;
    }

    @Override
    public void launch(Kernel kernel, long groups, int groupSize, List<Argument> arguments) {
        Named named = (Named) kernel;
        recording().ifPresent(it -> it.calls().launch(named, groups, groupSize, arguments));
        driver.launch(named.kernel(), groups, groupSize, arguments);
    }

    @Override
    public Optional<ProductLibrary> products() {
        return products;
    }

    @Override
    public void synchronize() {
        driver.synchronize();
    }
}
