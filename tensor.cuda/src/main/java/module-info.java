import org.jspecify.annotations.NullMarked;

/// The backend on NVIDIA GPUs; it is found by [java.util.ServiceLoader].
@NullMarked
@SuppressWarnings(
        "requires-automatic") // JCuda has no module descriptor; nobody requires this module
module tensor.cuda {
    requires jcuda;
    requires static org.jspecify;
    requires tensor.api;
    requires tensor.gpu;

    provides tensor.spi.BackendProvider with
            tensor.cuda.CudaProvider;
}
