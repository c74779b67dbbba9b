import org.jspecify.annotations.NullMarked;

/// The backend that computes on the CPU with the Vector API, or, on the class path of a JVM without it, one number at a time.
///
/// Exports nothing: it is found by [java.util.ServiceLoader] under the name `cpu`.
@NullMarked
module tensor.cpu {
    requires static org.jspecify;
    requires jdk.incubator.vector;
    requires tensor.api;

    provides tensor.spi.BackendProvider with
            tensor.cpu.CpuProvider;
}
