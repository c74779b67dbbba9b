import org.jspecify.annotations.NullMarked;

/// The backend on the OpenCL devices of this machine.
///
/// Exports nothing: it is found by [java.util.ServiceLoader] under the name `opencl`.
@NullMarked
@SuppressWarnings(
        "requires-automatic") // JOCL has no module descriptor; nobody requires this module
module tensor.opencl {
    requires jocl;
    requires static org.jspecify;
    requires tensor.api;
    requires tensor.gpu;

    provides tensor.spi.BackendProvider with
            tensor.opencl.OpenClProvider;
}
