package tensor.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// The kernels of this project in the intermediate language (PTX), which the driver translates for its device: what works where
/// no compiler is. Each resource has the name of the text that it was compiled from, see `tools/ptx`.
final class BundledPtx implements KernelCompiler {
    /// The folder of the resources.
    static final String FOLDER = "ptx";

    /// The version of the language: drivers since that of CUDA 11.0 know it.
    static final String LANGUAGE = "7.0";

    /// The first architecture that the kernels are for, and its compute capability.
    static final String ARCHITECTURE = "compute_75";

    private static final int LEAST_CAPABILITY = 75;
    private static final int DIGITS = 16;

    private final String advice;

    /// @param advice why there is no compiler, and what to do for one
    BundledPtx(String advice) {
        this.advice = advice;
    }

    @Override
    public boolean takesAnyText() {
        return false;
    }

    @Override
    public String version() {
        return "bundled PTX";
    }

    @Override
    public String description() {
        return "bundled PTX, which interprets fusions and is slower with them: " + advice;
    }

    @Override
    public Optional<String> target(int capability) {
        return capability < LEAST_CAPABILITY ? Optional.empty() : Optional.of(ARCHITECTURE);
    }

    @Override
    public byte[] compile(String text, String target) {
        String resource = resource(text);
        try (InputStream in = BundledPtx.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "there is no %s for this text; make the bundle anew by tools/ptx"
                                .formatted(resource));
            }
            byte[] ptx = new GZIPInputStream(in).readAllBytes();
            return Arrays.copyOf(ptx, ptx.length + 1); // the driver looks for a NUL
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the name of the PTX of a text}
    static String resource(String text) {
        return "%s/%s.ptx.gz".formatted(FOLDER, Digest.hex(text).substring(0, DIGITS));
    }
}
