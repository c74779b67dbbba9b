package tensor.spi;

/// How a backend is found: one per backend, registered for [java.util.ServiceLoader].
///
/// Making a provider and asking for its name must be cheap and must not touch the device.
public interface BackendProvider {

    /// {@return the name of the device in `Device.of(name)`, lower case}
    String name();

    /// {@return whether [#open] would work here, or the reason why not}
    Availability availability();

    /// {@return the backend} Called at most once in a process, and only if it is available.
    Backend open();
}
