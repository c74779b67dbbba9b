package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import loops.core.training.Interruption;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what goes wrong into one line for the user: where, what is wrong, what is allowed.
final class Errors {
    /// What a process returns that Ctrl-C has ended: 128 + SIGINT.
    private static final int INTERRUPTED = 130;

    private Errors() {}

    /// Says why a command line is not understood.
    static int badCommandLine(ParameterException e, String[] arguments) {
        e.getCommandLine().getErr().println(line(e));
        return ExitCode.USAGE;
    }

    /// Says why a run failed. A file that cannot be read or written is the user's to mend and takes one
    /// line; everything else is a fault of the program and leaves its stack trace.
    static int failedRun(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        if (e instanceof Interruption) {
            return INTERRUPTED; // it has said so itself
        }
        Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        if (!(cause instanceof IOException io)) {
            throw e;
        }
        command.getErr().println(command.getCommandName() + ": " + line(io));
        return ExitCode.SOFTWARE;
    }

    /// {@return the names of the commands below the given one, with commas between}
    static String names(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }

    private static String line(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case AccessDeniedException denied -> denied.getFile() + ": access is denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String line(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing
                    when missing.getMissing().getFirst() instanceof OptionSpec option ->
                    "%s: needs a value: %s".formatted(option.longestName(), option.paramLabel());
            case ParameterException bad
                    when bad.getArgSpec() instanceof OptionSpec option
                            && bad.getCause() instanceof TypeConversionException cause ->
                    "%s: is '%s'; %s"
                            .formatted(option.longestName(), bad.getValue(), cause.getMessage());
            default -> String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        };
    }

    private static String unmatched(UnmatchedArgumentException e) {
        var command = e.getCommandLine();
        String word = e.getUnmatched().getFirst();
        if (e.isUnknownOption()) {
            return "%s: is no option of '%s'; see '%s --help'"
                    .formatted(word, path(command), path(command));
        }
        if (command.getSubcommands().isEmpty()) {
            return "%s: takes no '%s'; see '%s --help'"
                    .formatted(command.getCommandName(), word, path(command));
        }
        return "%s: there is no '%s'; use one of %s"
                .formatted(command.getCommandName(), word, names(command));
    }

    private static String path(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
