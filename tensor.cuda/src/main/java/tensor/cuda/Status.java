package tensor.cuda;

import java.util.function.ToIntFunction;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// What a function of the driver returns.
final class Status {
    private Status() {}

    /// Does nothing where a call succeeded.
    ///
    /// @param call the name of the function
    /// @param status what it returned
    /// @throws OutOfMemoryError if there was too little memory
    /// @throws IllegalStateException if something else is wrong
    static void check(String call, int status) {
        if (status == CUresult.CUDA_SUCCESS) {
            return;
        }
        String message = "cuda: %s: %s".formatted(call, text(status));
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new OutOfMemoryError(message);
        }
        throw new IllegalStateException(message + hint(status));
    }

    /// {@return the number that a call gives}
    ///
    /// @param call the name of the function
    /// @param function which sets the first of an array
    static int number(String call, ToIntFunction<int[]> function) {
        int[] number = new int[1];
        check(call, function.applyAsInt(number));
        return number[0];
    }

    /// {@return the name, the number and the driver's own words}
    static String text(int status) {
        String[] words = new String[1];
        JCudaDriver.cuGetErrorString(status, words);
        return "%s (%d)%s"
                .formatted(
                        CUresult.stringFor(status),
                        status,
                        words[0] == null ? "" : ", " + words[0]);
    }

    private static String hint(int status) {
        return switch (status) {
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS ->
                    "; a kernel that ran before failed, and this process cannot use the device any more";
            case CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
                    CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
                    "; the NVIDIA driver is older than what the kernels were compiled by: update it";
            case CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND ->
                    "; libnvidia-ptxjitcompiler.so.1 belongs to the NVIDIA driver: install all of it";
            default -> "";
        };
    }
}
