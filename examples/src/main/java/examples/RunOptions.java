package examples;

import picocli.CommandLine.Option;

/// The options of every example of a procedure.
final class RunOptions {
    @Option(names = "--smoke", description = "Run for a few seconds only, to see that it works.")
    boolean smoke;

    @Option(names = "--explain", description = "Show the tree of loops, and run nothing.")
    boolean explain;
}
