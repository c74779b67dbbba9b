package examples;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void listNamesEveryExampleWithWhatItDoes() {
        int status = loops("list");

        assertEquals(0, status);
        assertEquals(Examples.all().size(), out.toString().lines().count());
        assertEquals(
                "compare            Compare two series of scores: confidence intervals and a paired t-test.",
                lineWith("compare"));
    }

    @Test
    void devicesNamesEachWithWhatItIs() {
        int status = loops("devices");

        assertEquals(0, status);
        assertTrue(lineWith("cpu").matches("cpu        [0-9]+ threads"), lineWith("cpu"));
        assertTrue(out.toString().contains("opencl"));
    }

    @Test
    void helpShowsTheOptionsOfAnExample() {
        int status = loops("run", "compare", "--help");

        assertEquals(0, status);
        assertEquals(
                "      --confidence=SHARE   Confidence of the intervals (default: 0.95).",
                lineWith("--confidence=SHARE  "));
    }

    @Test
    void aBadValueTakesOneLineWithOptionValueAndWhatIsAllowed() {
        assertRefused(
                "--confidence: is '95'; use a number between 0 and 1",
                "run",
                "compare",
                "--confidence=95");
        assertRefused(
                "--confidence: is 'high'; use a number between 0 and 1",
                "run",
                "compare",
                "--confidence",
                "high");
        assertRefused(
                "--first: is '1,two'; use at least two numbers with commas between",
                "run",
                "compare",
                "--first=1,two");
        assertRefused(
                "--second: has 10 values and --first 2; give the scores in pairs",
                "run",
                "compare",
                "--first=1,2");
        assertRefused(
                "PairedTTest: all 2 differences are 1.0, but for rounding; a test needs differences that vary",
                "run",
                "compare",
                "--first=2,3",
                "--second=1,2");
    }

    @Test
    void anOptionWithoutItsValueIsRefused() {
        assertRefused("--first: needs a value: X,X,...", "run", "compare", "--first");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertRefused(
                "--folds: is no option of 'loops run compare'; see 'loops run compare --help'",
                "run",
                "compare",
                "--folds");
    }

    @Test
    void anUnknownWordIsRefused() {
        assertRefused("loops: there is no 'fly'; use one of list, devices, run", "fly");
        assertRefused(
                "compare: takes no 'me'; see 'loops run compare --help'", "run", "compare", "me");
    }

    @Test
    void anUnknownExampleIsRefusedWithTheNamesThereAre() {
        String names = Errors.names(requireNonNull(Main.commands().getSubcommands().get("run")));

        assertRefused("run: there is no 'kfolds'; use one of " + names, "run", "kfolds");
        assertRefused("run: names no example; use one of " + names, "run");
    }

    @Test
    void nothingToDoIsRefused() {
        assertRefused("loops: names no command; use one of list, devices, run");
    }

    private int loops(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String lineWith(String word) {
        return out.toString().lines().filter(line -> line.contains(word)).findFirst().orElse("");
    }

    private void assertRefused(String line, String... arguments) {
        err.getBuffer().setLength(0);

        int status = loops(arguments);

        assertEquals(2, status);
        assertEquals(line + System.lineSeparator(), err.toString());
        assertEquals("", out.toString());
    }
}
