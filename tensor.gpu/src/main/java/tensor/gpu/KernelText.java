package tensor.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The text of a kernel in the dialect that all devices share, without a prelude.
///
/// @param name of the kernel in it
/// @param text with all that it needs but the prelude
record KernelText(String name, String text) {
    private static final List<String> COMMON = List.of("types.h", "casts.h", "functions.h");

    /// {@return the kernel of a resource, specialised by macros}
    ///
    /// @param file the resource
    /// @param name of the kernel in it
    /// @param macros names and what stands for them
    static KernelText of(String file, String name, Map<String, String> macros) {
        var text = new StringBuilder();
        macros.forEach((macro, value) -> text.append("#define %s %s\n".formatted(macro, value)));
        return of(name, text + resource(file));
    }

    /// {@return a kernel after the types and functions of all}
    static KernelText of(String name, String text) {
        var all = new StringBuilder();
        COMMON.forEach(file -> all.append(resource(file)).append('\n'));
        return new KernelText(name, all + text);
    }

    /// {@return the text of a resource}
    static String resource(String file) {
        try (InputStream in = KernelText.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new AssertionError("tensor.gpu: no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
