package gpucheck;

/// How products of matrices are computed on a CUDA device.
final class Arithmetic {
    /// The word of the user.
    static final String NAME = System.getProperty("tensor.cuda.matmul", "float32");

    private Arithmetic() {}

    /// {@return whether our own kernels round factors}
    static boolean roundsByUs() {
        return NAME.startsWith("own-");
    }

    /// {@return whether a library of the maker's multiplies on a device of this name}
    static boolean isOfTheMaker(String device) {
        return device.startsWith("cuda") && !NAME.startsWith("own");
    }
}
