package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What does not fit into a slot does not compile.
class CompileFailTest {
    /// Loops of several types, and a method in which the lines under test stand.
    private static final String PROGRAM =
            """
            import loops.api.*;
            import loops.api.testkit.PassThrough;
            abstract class Bare<I, O> extends Loop<I, O> {
                @Override protected boolean done(I in) { return true; }
                @Override protected void advance(I in) {}
            }
            class Counting extends Bare<String, Long> {}
            class OtherInput extends Bare<Integer, Long> {}
            class OtherOutput extends Bare<String, String> {}
            class Unboxed extends Bare<String, Integer> {}
            record End() {}
            class Firing extends Bare<String, Void> {
                final Hook<End> end = hook("end", End.class);
                void fire(Listeners listeners) { end.fire(listeners, new End()); }
            }
            class Program {
                void use(Slot<String, Long> slot, Slot<String, Long> same, Slot<Integer, Long> other) {
            %s
                }
            }
            """;

    private static final int FIRST_LINE = PROGRAM.lines().toList().indexOf("%s") + 1;

    @TempDir private Path folder;

    @Test
    void whatFitsCompiles() throws URISyntaxException {
        assertEquals(
                "",
                errorsIn(
                        """
                        slot.connect(new Counting());
                        slot.replace(old -> new Counting());
                        slot.replace(Counting.class, old -> new Counting());
                        slot.replace(old -> new PassThrough<>(old));
                        slot.replace(PassThrough::new);
                        slot.connect(same.take());
                        Long output = slot.run("input");
                        Counting there = slot.get(Counting.class);
                        Slot.root("top", new Counting()).connect(new Counting());
                        Subscription.to(End.class, (Object end) -> {});
                        new Firing().fire(Listeners.NONE);
                        """
                                .lines()
                                .toList()));
    }

    @Test
    void whatDoesNotFitIsAnErrorInItsLine() throws URISyntaxException {
        assertErrors(
                """
                slot.connect(new OtherInput());                            | prob.found.req
                slot.connect(new OtherOutput());                           | prob.found.req
                slot.connect(new Unboxed());                               | prob.found.req
                slot.connect(other.take());                                | prob.found.req
                slot.connect(old -> new Counting());                       | prob.found.req
                slot.replace(new Counting());                              | cant.apply.symbols
                slot.replace(old -> new OtherInput());                     | prob.found.req
                slot.replace(old -> new OtherOutput());                    | prob.found.req
                slot.replace(old -> 5L);                                   | prob.found.req
                slot.replace((OtherInput old) -> new Counting());          | prob.found.req
                slot.replace(OtherInput.class, old -> new Counting());     | cant.apply.symbol
                slot.replace(Counting.class, old -> new OtherInput());     | prob.found.req
                slot.replace(old -> new PassThrough<>(new OtherInput()));  | prob.found.req
                slot.replace(OtherInput::new);                             | cant.apply.symbols
                String output = slot.run("input");                         | prob.found.req
                Long output = slot.run(5);                                 | prob.found.req
                slot.get(OtherInput.class);                                | cant.apply.symbol
                Subscription.to(End.class, (String end) -> {});            | cant.apply.symbol
                new Firing().end.fire(Listeners.NONE, "end");              | prob.found.req
                """);
    }

    @Test
    void whatBelongsToTheLoopIsClosed() throws URISyntaxException {
        assertErrors(
                """
                new Counting() { @Override public Long run(String in) { return 0L; } };  | override.meth
                new Counting().<StopSignal>held("late");                                 | report.access
                new Counting().hook("late", End.class);                                  | report.access
                """);
    }

    /// @param table of lines, each with the kind of error that it has
    private void assertErrors(String table) throws URISyntaxException {
        String stripped = table.replaceAll(" +\\| ", " | ").strip();
        assertEquals(
                stripped,
                errorsIn(stripped.lines().map(row -> row.replaceAll(" \\| .*", "")).toList()));
    }

    /// {@return of these lines those in which the compiler finds an error, with its kind}
    private String errorsIn(List<String> lines) throws URISyntaxException {
        var blocks = lines.stream().map(line -> "{ " + line + " }").toList();
        var found = new DiagnosticCollector<JavaFileObject>();
        var api = Path.of(Loop.class.getProtectionDomain().getCodeSource().getLocation().toURI());

        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        new StringWriter(),
                        null,
                        found,
                        List.of("-classpath", api.toString(), "-d", folder.toString()),
                        null,
                        List.of(new Source(PROGRAM.formatted(String.join("\n", blocks)))))
                .call();

        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(error ->
                        lines.get((int) error.getLineNumber() - FIRST_LINE)
                                + error.getCode().replace("compiler.err.", " | "))
                .collect(Collectors.joining("\n"));
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
