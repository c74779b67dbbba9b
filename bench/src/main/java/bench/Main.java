package bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Runs a bench and sums it up in its last line: `./loops bench loops`.
@Command(
        name = "loops bench",
        description = "Measures what something costs.",
        subcommands = {
            LoopsBench.class,
            GemmBench.class,
            ElementwiseBench.class,
            StepsBench.class,
            DeviceBench.class,
            MemoryBench.class,
            LoaderBench.class,
            StartBench.class
        })
public final class Main {
    private Main() {}

    /// Runs the bench that is named, and ends the process with its exit status.
    ///
    /// @param arguments the name of one bench, and its options
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /// {@return the exit status}
    ///
    /// @param arguments the name of one bench, and its options
    static int run(String... arguments) {
        var command = new CommandLine(new Main());
        withHelp(command);
        command.getSubcommands().values().forEach(Main::withHelp);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((e, _) -> {
            System.err.println("loops: bench: " + e.getMessage() + names(command, e));
            return 2;
        });
        command.setExecutionExceptionHandler((e, _, _) -> {
            if (e instanceof BadOption) {
                System.err.println("loops: bench: " + e.getMessage());
                return 2;
            }
            throw e;
        });
        return command.execute(arguments);
    }

    /// {@return what to name, where no bench is named that there is}
    private static String names(CommandLine command, ParameterException e) {
        return e.getCommandLine().getParent() == null
                ? "; use " + String.join(", ", command.getSubcommands().keySet())
                : "";
    }

    private static void withHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("Show this help.")
                                .build());
    }
}
