package tensor.cpu;

import java.lang.System.Logger.Level;
import java.util.List;
import tensor.spi.Availability;
import tensor.spi.Backend;
import tensor.spi.BackendProvider;

/// Offers the CPU under the name `cpu`.
///
/// `-Dtensor.cpu.threads=N` sets how many threads work on one operation; by default as many as there are processors.
/// Results do not depend on it, nor on whether the JVM has module `jdk.incubator.vector`, without which a backend of another kind
/// computes one number at a time, and a line of the log says so.
public final class CpuProvider implements BackendProvider {
    private static final System.Logger LOG = System.getLogger(CpuProvider.class.getName());
    private static final String VECTORS = "jdk.incubator.vector";
    private static final String SLOW =
            "module "
                    + VECTORS
                    + " is missing, so long runs take several times as long; start java, or link its"
                    + " runtime, with --add-modules "
                    + VECTORS;
    private static final String THREADS = "tensor.cpu.threads";

    /// Makes the provider; the device is not touched.
    public CpuProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability availability() {
        return availability(hasVectors());
    }

    /// Apart from the JVM that runs, for tests.
    static Availability availability(boolean vectors) {
        String found = threads() + " threads" + (vectors ? "" : "; " + SLOW);
        return new Availability.Available(List.of(new Availability.Found(found, false)));
    }

    @Override
    public Backend open(int number) {
        return open(hasVectors());
    }

    /// Apart from the JVM that runs, for tests.
    static Backend open(boolean vectors) {
        int threads = threads(threads());
        boolean debug = Boolean.getBoolean("tensor.debug");
        if (vectors) {
            return new CpuBackend(threads, debug);
        }
        LOG.log(Level.WARNING, () -> "device 'cpu': " + SLOW);
        return OneLane.backend(threads, debug);
    }

    private static boolean hasVectors() {
        return ModuleLayer.boot().findModule(VECTORS).isPresent();
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
