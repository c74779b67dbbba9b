package tensor.gpu;

import java.util.Locale;

/// The languages that the one text of a kernel is compiled as; each has a prelude of macros that makes it one.
public enum Dialect {
    /// OpenCL C 1.2 with `cl_khr_fp64`.
    OPENCL,
    /// CUDA C++, as NVRTC and nvcc take it.
    CUDA;

    /// {@return the text to put before a kernel's}
    String prelude() {
        return KernelText.resource("prelude-" + name().toLowerCase(Locale.ROOT) + ".h");
    }
}
