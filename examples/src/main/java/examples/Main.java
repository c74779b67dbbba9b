package examples;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import tensor.api.Device;

/// The commands `list`, `devices` and `run` of the script `loops`.
///
/// Exit status: 0 when all went well, 1 when a run failed or did not reach its number, 2 for a command line that is not
/// understood, 130 when Ctrl-C ended it.
@Command(name = "loops", description = "Runs the examples of Loops for Java.")
public final class Main implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /// Runs one command and ends the process with its exit status.
    ///
    /// @param arguments the command line, as `run compare`
    public static void main(String[] arguments) {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "loops: names no command; use one of " + Errors.names(spec.commandLine()));
    }

    /// {@return the exit status of one command}
    ///
    /// @param out where results go
    /// @param err where errors go
    /// @param arguments the command line
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commands()
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Errors::badCommandLine)
                .setExecutionExceptionHandler(Errors::failedRun)
                .execute(arguments);
    }

    /// Runs a command; an example has the device that it names as the current one.
    private static int onDevice(ParseResult parsed) {
        var strategy = new CommandLine.RunLast();
        var below = parsed.subcommand();
        return below != null && below.commandSpec().userObject() instanceof Run run
                ? Device.of(run.device).with(() -> strategy.execute(parsed))
                : strategy.execute(parsed);
    }

    /// {@return `loops` with the commands below it}
    static CommandLine commands() {
        var run = new CommandLine(new Run());
        Examples.all().forEach(run::addSubcommand);
        var loops =
                new CommandLine(new Main())
                        .addSubcommand(new ListExamples())
                        .addSubcommand(new ListDevices())
                        .addSubcommand(run);
        addHelp(loops);
        return loops.setExecutionStrategy(Main::onDevice);
    }

    /// Gives the command and all below it an option `--help`, the last in the help, which shows options as they are declared.
    private static void addHelp(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false);
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    /// Names each example with what it does, a line each.
    @Command(name = "list", description = "List the examples, a line each.")
    static final class ListExamples implements Runnable {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            for (Example example : Examples.all()) {
                var command = CommandSpec.forAnnotatedObject(example);
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%-18s %s%n",
                                command.name(), command.usageMessage().description()[0]);
            }
        }
    }

    /// Names each device, or why a backend cannot work, a line each.
    @Command(name = "devices", description = "List the devices that --device takes, a line each.")
    static final class ListDevices implements Runnable {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            for (Device.Offer offer : Device.offers()) {
                String works = offer.works() ? "" : "cannot work: ";
                spec.commandLine()
                        .getOut()
                        .printf("%-10s %s%s%n", offer.name(), works, offer.description());
            }
        }
    }

    /// Holds the examples as subcommands, each of which has its option.
    @Command(name = "run", description = "Run an example: loops run NAME [options].")
    static final class Run implements Runnable {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--device",
                scope = CommandLine.ScopeType.INHERIT,
                paramLabel = "NAME",
                converter = Values.DeviceName.class,
                defaultValue = "${sys:tensor.device:-cpu}",
                description =
                        "Where tensors live: cpu, cuda, cuda:1, opencl, auto (default: ${DEFAULT-VALUE}).")
        private String device = "cpu";

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(),
                    "run: names no example; use one of " + Errors.names(spec.commandLine()));
        }
    }
}
