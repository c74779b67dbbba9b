package tensor.testkit;

import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Finds the [ReferenceBackend] under the name `reference`. It works everywhere.
public final class ReferenceProvider implements BackendProvider {

    /// Called by [java.util.ServiceLoader].
    public ReferenceProvider() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Availability availability() {
        return new Availability.Available();
    }

    @Override
    public Backend open() {
        return new ReferenceBackend();
    }
}
