package tensor.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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

    private static final String AUTO = "auto";
    private static final System.Logger LOG = System.getLogger(Device.class.getName());

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
    /// `auto` is the first of `cuda` and `opencl` that works and is more than a processor, else `cpu`; a line of the log
    /// says which, and why not the others.
    ///
    /// @param name as the backend's provider says: `cpu`, `cuda`; the second of its devices is `cuda:1`; or `auto`
    /// @throws IllegalArgumentException if no backend has that name, or not so many devices
    /// @throws IllegalStateException if the backend cannot work here; the message has the
    ///     provider's reason
    public static Device of(String name) {
        Device open = OPEN.get(name);
        return open != null ? open : first(name);
    }

    private static synchronized Device first(String name) {
        Device open = OPEN.get(name); // another thread may have come first
        if (open == null) {
            List<BackendProvider> providers = providers();
            String meant = name.equals(AUTO) ? chosen(providers) : plain(name);
            open = meant.equals(name) ? open(name, providers) : of(meant);
            OPEN.put(name, open);
        }
        return open;
    }

    /// {@return the one name of a device that can be written in several ways: `cuda` for `cuda:0` and `cuda:00`}
    static String plain(String name) {
        return name.replaceFirst("(?<=.):0*([0-9]{1,4})$", ":$1").replaceFirst(":0$", "");
    }

    private static List<BackendProvider> providers() {
        List<BackendProvider> all = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class).forEach(all::add);
        all.sort(Comparator.comparing(BackendProvider::name));
        return all;
    }

    private static String chosen(List<BackendProvider> providers) {
        Choice choice = Choice.among(providers);
        LOG.log(System.Logger.Level.INFO, choice::toString);
        return choice.name();
    }

    /// {@return a line for each device of each backend, or for a backend that cannot work, sorted by name}
    public static List<Offer> offers() {
        return Offer.of(providers());
    }

    /// {@return `Device.of("cpu")`}
    public static Device cpu() {
        return of("cpu");
    }

    /// {@return the device on which new tensors are made: that of the innermost [#with] or [#run], else the one that
    /// `-Dtensor.device` names, else the CPU}
    public static Device current() {
        return CURRENT.isBound() ? CURRENT.get() : of(System.getProperty("tensor.device", "cpu"));
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
        String kind = name.replaceFirst(":[0-9]{1,4}$", "");
        int number = kind.equals(name) ? 0 : Integer.parseInt(name.substring(kind.length() + 1));
        List<String> found = new ArrayList<>();
        for (BackendProvider provider : providers) {
            if (provider.name().equals(kind)) {
                return switch (provider.availability()) {
                    case Availability.Available(var devices) when number < devices.size() ->
                            new Device(provider.open(number));
                    case Availability.Available(var devices) ->
                            throw new IllegalArgumentException(
                                    "device '%s': there are %d of them, %s:0 to %s:%d"
                                            .formatted(
                                                    name,
                                                    devices.size(),
                                                    kind,
                                                    kind,
                                                    devices.size() - 1));
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

    /// A device that can be asked for, or a backend that cannot work here.
    ///
    /// @param name for [#of]
    /// @param description what it is, or why it cannot work
    /// @param works whether it can
    public record Offer(String name, String description, boolean works) {
        static List<Offer> of(List<BackendProvider> providers) {
            List<Offer> offers = new ArrayList<>();
            for (BackendProvider provider : providers) {
                switch (provider.availability()) {
                    case Availability.Available(var devices) -> {
                        for (int i = 0; i < devices.size(); i++) {
                            String name = i == 0 ? provider.name() : provider.name() + ":" + i;
                            offers.add(new Offer(name, devices.get(i).description(), true));
                        }
                    }
                    case Availability.Unavailable(String reason) ->
                            offers.add(new Offer(provider.name(), reason, false));
                }
            }
            return offers;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
