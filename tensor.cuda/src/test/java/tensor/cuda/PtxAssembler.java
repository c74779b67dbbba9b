package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/// The assembler of CUDA 12.0, which comes with JCuda and needs no other part of CUDA: what it takes uses nothing newer.
final class PtxAssembler {
    static {
        JCudaNatives.load("JNvPTXCompiler", () -> JNvPTXCompiler.setExceptionsEnabled(false));
    }

    private PtxAssembler() {}

    /// {@return what it says against a text, or nothing}
    ///
    /// @param architecture as `sm_80`
    static String against(String ptx, String architecture) {
        String[] options = {"--gpu-name=" + architecture, "--opt-level=0"};
        byte[] text = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
        var compiler = new nvPTXCompilerHandle();
        check(JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, text));
        try {
            long[] size = new long[1];
            if (JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options) == 0) {
                check(JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, size));
                return size[0] > 0 ? "" : "there is no code";
            }
            check(JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size));
            byte[] log = new byte[(int) size[0] + 1];
            check(JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log));
            return "error: " + new String(log, StandardCharsets.UTF_8);
        } finally {
            check(JNvPTXCompiler.nvPTXCompilerDestroy(compiler));
        }
    }

    private static void check(int status) {
        assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, status);
    }
}
