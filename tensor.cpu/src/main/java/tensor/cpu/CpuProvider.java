package tensor.cpu;

import java.util.List;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Offers the CPU under the name `cpu`.
///
/// `-Dtensor.cpu.threads=N` sets how many threads work on one operation; by default as many as there are processors.
/// Results do not depend on it.
public final class CpuProvider implements BackendProvider {
    private static final String VECTORS = "jdk.incubator.vector";
    private static final String THREADS = "tensor.cpu.threads";

    /// Makes the provider; the device is not touched.
    public CpuProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability availability() {
        return availability(ModuleLayer.boot().findModule(VECTORS).isPresent());
    }

    /// Apart from the JVM that runs, for tests.
    static Availability availability(boolean vectors) {
        return vectors
                ? new Availability.Available(
                        List.of(new Availability.Found(threads() + " threads", false)))
                : new Availability.Unavailable(
                        "module "
                                + VECTORS
                                + " is missing; start java with --add-modules "
                                + VECTORS);
    }

    @Override
    public Backend open(int number) {
        return new CpuBackend(threads(threads()), Boolean.getBoolean("tensor.debug"));
    }

    private static String threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        return System.getProperty(THREADS, Integer.toString(processors));
    }

    /// The number of threads that a property value means.
    static int threads(String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(
                    THREADS + ": '" + value + "' is no number of threads; use 1 to 9999");
        }
        return Integer.parseInt(value);
    }
}
