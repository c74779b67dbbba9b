package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line: what it prints and how it ends.
class MainTest {
    private static final String ONE =
            """
            {"id": "%s", "area": "progress_tracker", "source": "t.py::a",
             "setup": {"tracker": "StartedTracker", "value": {"ready": 1, "started": 2, "completed": 0}, "call": "reset()"},
             "expect": {"value": {"ready": %d, "started": 0, "completed": 0}}}
            """;

    @TempDir private Path folder;

    private record Said(int status, String out, String err) {}

    @Test
    void aFileThatHoldsEndsWithItsCounts() throws IOException {
        var said = run("[" + ONE.formatted("a", 0) + "]");

        assertEquals(
                new Said(
                        0,
                        """
                        progress_tracker: 1 passed, 0 failed, 0 deviations, 0 not applicable
                        conformance: 1 passed, 0 failed, 0 deviations, 0 not applicable
                        """,
                        ""),
                said);
    }

    @Test
    void aFailureIsListedBeforeTheCountsAndEndsWithOne() throws IOException {
        var said = run("[" + ONE.formatted("a", 0) + "," + ONE.formatted("b", 4) + "]");

        assertEquals(
                new Said(
                        1,
                        """
                        b: value.ready: expected 4, observed 0
                        progress_tracker: 1 passed, 1 failed, 0 deviations, 0 not applicable
                        conformance: 1 passed, 1 failed, 0 deviations, 0 not applicable
                        """,
                        ""),
                said);
    }

    @Test
    void alteringSaysHowManyThereWere() throws IOException {
        var said = run("[" + ONE.formatted("a", 0) + "]", "--mutate");

        assertEquals(
                """
                progress_tracker: 1 passed, 0 failed, 0 deviations, 0 not applicable
                mutations: 9 altered, 0 of deviations, 0 replaced by rules, 0 unnoticed
                conformance: 1 passed, 0 failed, 0 deviations, 0 not applicable
                """,
                said.out());
    }

    @Test
    void oneCaseIsShownWithAllOfIt() throws IOException {
        var said = run("[" + ONE.formatted("a", 0) + "," + ONE.formatted("b", 4) + "]", "--show=b");

        assertEquals(
                """
                b (progress_tracker, t.py::a)
                setup:    {"tracker": "StartedTracker", "value": {"ready": 1, "started": 2, "completed": 0}, "call": "reset()"}
                expect:   {"value": {"ready": 4, "started": 0, "completed": 0}}
                observed: {"value": {"ready": 0, "started": 0, "completed": 0}}
                  value.ready: expected 4, observed 0
                failed
                progress_tracker: 0 passed, 1 failed, 0 deviations, 0 not applicable
                conformance: 0 passed, 1 failed, 0 deviations, 0 not applicable
                """,
                said.out());
    }

    @Test
    void whatIsNotThereIsRefused() throws IOException {
        var file = write("[" + ONE.formatted("a", 0) + "]");

        assertEquals(
                "loops: conformance: %s: has no case of area 'flying'\n".formatted(file),
                run(file, "--area", "flying").err());
        assertEquals(
                "loops: conformance: %s: has no case 'c'\n".formatted(file),
                run(file, "--show", "c").err());
        assertEquals(2, run(file, "--area", "flying").status());
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        var file = write("{}");

        assertEquals(
                new Said(
                        2,
                        "",
                        "loops: conformance: %s: a case file is a JSON list, one object a case\n"
                                .formatted(file)),
                run(file));
    }

    @Test
    void anUnknownOptionIsRefused() throws IOException {
        assertEquals(
                new Said(2, "", "loops: conformance: Unknown option: '--fly'\n"),
                run(write("[]"), "--fly"));
    }

    private Said run(String cases, String... options) throws IOException {
        return run(write(cases), options);
    }

    private Path write(String cases) throws IOException {
        return Files.writeString(folder.resolve("cases.json"), cases);
    }

    private static Said run(Path file, String... options) {
        var out = new StringWriter();
        var err = new StringWriter();
        var arguments = new String[options.length + 2];
        arguments[0] = "--cases";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Said(status, out.toString(), err.toString());
    }
}
