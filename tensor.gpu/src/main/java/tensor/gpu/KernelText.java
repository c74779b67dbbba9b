package tensor.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The text of kernels in the dialect that all devices share, without a prelude. A family is compiled at once: compilers
/// take longer to begin than for a kernel more.
///
/// @param names of the kernels in it
/// @param text with all that it needs but the prelude
record KernelText(List<String> names, String text) {
    /// Stands for the name of a kernel in a resource.
    static final String NAME = "NAME";

    private static final List<String> COMMON = List.of("types.h", "casts.h", "functions.h");

    /// {@return the kernels of a resource, one for each set of macros, of which [#NAME] is one}
    ///
    /// @param file the resource
    /// @param variants names of macros and what stands for them
    static KernelText of(String file, List<Map<String, String>> variants) {
        List<String> names = new ArrayList<>();
        var text = new StringBuilder();
        for (Map<String, String> macros : variants) {
            var sorted = new TreeMap<>(macros);
            names.add(macros.getOrDefault(NAME, ""));
            sorted.forEach((name, value) -> text.append("#define %s %s\n".formatted(name, value)));
            text.append(resource(file));
            sorted.keySet().forEach(name -> text.append("#undef %s\n".formatted(name)));
        }
        return of(names, text.toString());
    }

    /// {@return kernels after the types and functions of all}
    static KernelText of(List<String> names, String text) {
        var all = new StringBuilder();
        COMMON.forEach(file -> all.append(resource(file)).append('\n'));
        return new KernelText(names, all + text);
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
