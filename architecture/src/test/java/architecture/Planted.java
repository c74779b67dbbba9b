package architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Compiles sources with a planted breach.
final class Planted {
    private Planted() {}

    /// {@return the module that the sources make}
    ///
    /// @param folder an empty folder
    /// @param sources the module descriptor, then one class each with its package
    static CompiledModule module(Path folder, String... sources) throws IOException {
        var files = new ArrayList<Path>();
        for (String source : sources) {
            var file = folder.resolve("source" + files.size()).resolve(fileName(source));
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source));
        }
        var classes = Files.createDirectory(folder.resolve("classes"));
        var command =
                new ArrayList<>(
                        List.of("-proc:none", "-Xlint:-incubating", "-d", classes.toString()));
        files.forEach(file -> command.add(file.toString()));
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.err, command.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalArgumentException("the planted module does not compile");
        }
        return CompiledModule.read(classes);
    }

    private static String fileName(String source) {
        return source.replaceAll("(?s).*?\\b(?:class|interface|(module)) (\\w+).*", "$1-$2")
                        .replaceFirst("^module-.*", "module-info")
                        .replaceFirst("^null-|^-", "")
                + ".java";
    }
}
