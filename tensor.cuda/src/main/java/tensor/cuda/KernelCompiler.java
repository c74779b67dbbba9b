package tensor.cuda;

import java.util.Optional;

/// What turns the text of kernels into what the driver loads.
interface KernelCompiler {

    /// {@return whether it takes any text, or those of our own kernels alone}
    boolean takesAnyText();

    /// {@return its name and its version, which with the text and the target settle the code}
    String version();

    /// {@return what a user is told of it, a part of a line}
    default String description() {
        return version();
    }

    /// {@return the architecture to compile for, as the compiler calls it, or nothing if it knows none that is old enough}
    ///
    /// @param capability of the device: 90 is 9.0
    Optional<String> target(int capability);

    /// {@return the code}
    ///
    /// @param text in CUDA C++
    /// @param target of [#target]
    /// @throws IllegalStateException if it does not compile; the message says why
    byte[] compile(String text, String target);
}
