package tensor.spi;

/// How a backend is found: one per backend, registered for [java.util.ServiceLoader].
///
/// Making a provider and asking for its name must be cheap and must not touch the device.
public interface BackendProvider {

    /// {@return the name of the device in `Device.of(name)`, lower case}
    String name();

    /// {@return whether [#open] would work here and on what, or the reason why not}
    Availability availability();

    /// {@return the backend of a device, named as the provider, with `:number` behind it unless that is 0} Called at most
    /// once for each device in a process, and only if it is available.
    ///
    /// @param number the place of the device among those that are available, from 0
    Backend open(int number);
}
