package conformance;

import conformance.check.Case;
import conformance.check.CaseFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tensor.api.Device;

/// The command `conformance` of the script `loops`.
///
/// Exit status: 0 when nothing failed, 1 when a case failed or an altered one passed, 2 for a command line or a file
/// that is not understood.
@Command(
        name = "loops conformance",
        description =
                "Runs the cases of a file on our loops and compares with what the original did.")
public final class Main implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--cases",
            required = true,
            defaultValue = "${sys:conformance.cases}",
            paramLabel = "FILE",
            description = "The case file; the one of this project if none is named.")
    private Path cases = Path.of("");

    @Option(names = "--area", paramLabel = "AREA", description = "Run the cases of this area only.")
    private @Nullable String area;

    @Option(
            names = "--show",
            paramLabel = "ID",
            description = "Show one case, what was observed of it, and each difference.")
    private @Nullable String show;

    @Option(
            names = "--mutate",
            description =
                    "Alter every value that a case expects, one after the other, and report what goes unnoticed.")
    private boolean mutate;

    @Option(
            names = "--device",
            defaultValue = "${sys:tensor.device:-cpu}",
            paramLabel = "D",
            description = "Where to compute; cpu if none is named.")
    private String device = "cpu";

    private Main() {}

    /// Runs the command and ends the process with its exit status.
    ///
    /// @param arguments the command line, as `--area limits`
    public static void main(String[] arguments) {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, arguments));
    }

    /// {@return the exit status}
    ///
    /// @param out where results go
    /// @param err where errors go
    /// @param arguments the command line
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var command = new CommandLine(new Main());
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
        return command.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, given) -> {
                    err.println("loops: conformance: " + e.getMessage());
                    return 2;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        return chosenDevice().with(this::report);
    }

    private Device chosenDevice() {
        try {
            return Device.of(device);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int report() {
        var out = spec.commandLine().getOut();
        var runner = Runner.ofAll();
        var report = new Report();
        for (Case subject : chosen()) {
            var outcome = runner.run(subject);
            report.add(outcome);
            if (mutate && outcome.holds()) {
                report.add(outcome, runner.mutate(outcome));
            }
            if (show != null) {
                Report.show(outcome, out);
            } else if (outcome.status() == Outcome.Status.FAILED) {
                outcome.problems().forEach(line -> out.println(subject.id() + ": " + line));
            }
        }
        report.print(out, mutate);
        return report.allWell() ? 0 : 1;
    }

    private List<Case> chosen() {
        var chosen =
                read().stream()
                        .filter(each -> area == null || each.area().equals(area))
                        .filter(each -> show == null || each.id().equals(show))
                        .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    cases
                            + (show == null ? "" : ": has no case '" + show + "'")
                            + (area == null ? "" : ": has no case of area '" + area + "'")
                            + (show == null && area == null ? ": has no case" : ""));
        }
        return chosen;
    }

    private List<Case> read() {
        try {
            return CaseFile.read(cases);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), cases + ": cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
