package bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

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
            System.err.println("loops: bench: " + e.getMessage());
            return 2;
        });
        return command.execute(arguments);
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
