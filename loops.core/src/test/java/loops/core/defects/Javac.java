package loops.core.defects;

import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import loops.api.Loop;
import loops.core.Trainer;
import org.jspecify.annotations.NullMarked;
import tensor.api.Tensor;
import tensor.nn.Module;

/// Asks the compiler what it says of a few lines.
final class Javac {
    private static final String PROGRAM =
            """
            import loops.api.*;
            import loops.core.*;
            import loops.core.loop.*;
            import loops.core.training.*;
            class Program {
                void use(Trainer trainer, FitPlan.Config plan) {
            %s
                }
            }
            """;

    private static final int FIRST_LINE = PROGRAM.lines().toList().indexOf("%s") + 1;

    private Javac() {}

    /// {@return of these lines those in which the compiler finds an error, with its kind}
    ///
    /// @param lines may use a `trainer` and the choices of a `plan`
    /// @param folder takes what is compiled
    static String errors(List<String> lines, Path folder) {
        var found = new DiagnosticCollector<JavaFileObject>();
        var text = PROGRAM.formatted(String.join("\n", lines));

        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        new StringWriter(),
                        null,
                        found,
                        List.of("-proc:none", "-classpath", classPath(), "-d", folder.toString()),
                        null,
                        List.of(new Source(text)))
                .call();

        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(error ->
                        lines.get((int) error.getLineNumber() - FIRST_LINE).strip()
                                + error.getCode().replace("compiler.err.", " | "))
                .collect(Collectors.joining("\n"));
    }

    /// Where the classes are that the lines may use.
    private static String classPath() {
        return Stream.of(Loop.class, Trainer.class, Tensor.class, Module.class, NullMarked.class)
                .map(Javac::place)
                .distinct()
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Program.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
