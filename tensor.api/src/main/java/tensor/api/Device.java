package tensor.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Where tensors live and are computed, by name: `Device.of("cpu")`.
///
/// A name is answered by the backend of that name on the module or class path, or by an error with
/// the reason: there is no silent fall-back. There is one device, and one open backend, per name in
/// a process.
public final class Device {
    /// Open backends; they live as long as the process.
    private static final ConcurrentHashMap<String, Device> OPEN = new ConcurrentHashMap<>();

    static final ScopedValue<Device> CURRENT = ScopedValue.newInstance();

    private final Backend backend;

    private Device(Backend backend) {
        this.backend = backend;
    }

    /// {@return a device that has no name in the process}
    static Device over(Backend backend) {
        return new Device(backend);
    }

    /// {@return the device of that name} Opens its backend at the first call.
    ///
    /// @param name as the backend's provider says: `cpu`, `cuda`
    /// @throws IllegalArgumentException if no backend has that name
    /// @throws IllegalStateException if the backend cannot work here; the message has the
    ///     provider's reason
    public static Device of(String name) {
        Device open = OPEN.get(name);
        return open != null
                ? open
                : OPEN.computeIfAbsent(
                        name, missing -> open(missing, ServiceLoader.load(BackendProvider.class)));
    }

    /// {@return `Device.of("cpu")`}
    public static Device cpu() {
        return of("cpu");
    }

    /// {@return the device on which new tensors are made: that of the innermost [#with] or [#run],
    /// else the CPU}
    public static Device current() {
        return CURRENT.isBound() ? CURRENT.get() : cpu();
    }

    /// {@return what `body` returns} While it runs, this is the current device.
    ///
    /// @param <T> the type of the result
    /// @param body what to run
    public <T> T with(Supplier<T> body) {
        return ScopedValue.where(CURRENT, this).call(body::get);
    }

    /// Runs `body` with this as the current device.
    ///
    /// @param body what to run
    public void run(Runnable body) {
        ScopedValue.where(CURRENT, this).run(body);
    }

    /// {@return the name}
    public String name() {
        return backend.name();
    }

    /// {@return the backend that does the work}
    public Backend backend() {
        return backend;
    }

    static Device open(String name, Iterable<BackendProvider> providers) {
        List<String> found = new ArrayList<>();
        for (BackendProvider provider : providers) {
            if (provider.name().equals(name)) {
                return switch (provider.availability()) {
                    case Availability.Available() -> new Device(provider.open());
                    case Availability.Unavailable(String reason) ->
                            throw new IllegalStateException("device '" + name + "': " + reason);
                };
            }
            found.add(provider.name());
        }
        Collections.sort(found);
        throw new IllegalArgumentException(
                "device '" + name + "': no backend has that name; found " + found);
    }

    @Override
    public String toString() {
        return name();
    }
}
