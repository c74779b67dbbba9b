package examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// What one command of the examples came to, run in this process.
///
/// @param status its exit status
/// @param out what it printed
/// @param err its errors, with lines ended by `\n`
record CommandLineRun(int status, String out, String err) {
    static CommandLineRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new CommandLineRun(status, plain(out), plain(err));
    }

    private static String plain(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /// {@return what it printed, without the measured seconds at the end of each line of the table}
    List<String> numbers() {
        return lines().stream()
                .map(line -> line.matches(" +[0-9].*") ? line.replaceFirst(" +\\S+$", "") : line)
                .toList();
    }
}
