import org.jspecify.annotations.NullMarked;

/// Tensors and their gradients.
///
/// Exports the tensor API to everyone and the backend contract to those who write a backend.
/// Backends are found by [java.util.ServiceLoader]; this module never names one.
@NullMarked
module tensor.api {
    requires static transitive org.jspecify;

    exports tensor.api;
    exports tensor.layout;
    exports tensor.spi;

    uses tensor.spi.BackendProvider;
}
