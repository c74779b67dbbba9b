package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ErrorsTest {
    private final StringWriter err = new StringWriter();
    private final CommandLine command = new CommandLine(new Compare()).setErr(new PrintWriter(err));

    @Test
    void aFileFaultTakesOneLine() throws Exception {
        int status =
                failedRun(new UncheckedIOException(new IOException("a.csv:3:7: 'x' is no number")));

        assertEquals(1, status);
        assertEquals(
                "compare: a.csv:3:7: 'x' is no number" + System.lineSeparator(), err.toString());
    }

    @Test
    void aMissingOrGuardedFileIsNamedWithItsFault() throws Exception {
        failedRun(new NoSuchFileException("a.csv"));
        failedRun(new AccessDeniedException("b.csv"));

        assertEquals(
                """
                compare: a.csv: there is no such file
                compare: b.csv: access is denied
                """,
                err.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void everyOtherFaultKeepsItsStackTrace() {
        var fault = new IllegalStateException("a fault of the program");

        assertSame(fault, assertThrows(IllegalStateException.class, () -> failedRun(fault)));
        assertEquals("", err.toString());
    }

    private int failedRun(Exception e) throws Exception {
        return Errors.failedRun(e, command, command.parseArgs());
    }
}
