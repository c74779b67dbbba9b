import org.jspecify.annotations.NullMarked;

/// The backend on devices that compile kernels from text, over a small driver.
///
/// Exports to the modules with a driver alone: users find their backends by [java.util.ServiceLoader].
@NullMarked
@SuppressWarnings("module") // who has a driver is compiled later
module tensor.gpu {
    requires static org.jspecify;
    requires transitive tensor.api;

    exports tensor.gpu to
            tensor.cuda,
            tensor.opencl;
}
