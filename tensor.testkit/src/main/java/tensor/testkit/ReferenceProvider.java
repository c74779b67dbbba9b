package tensor.testkit;

import java.util.List;
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
        return new Availability.Available(
                List.of(new Availability.Found("one element after another", false)));
    }

    @Override
    public Backend open(int number) {
        return new ReferenceBackend();
    }
}
