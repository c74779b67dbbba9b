package examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// This program, to be started again in a process of its own.
final class ThisProgram {
    private ThisProgram() {}

    /// {@return the command that runs it, with the same Java and the same modules or class path}
    ///
    /// @param arguments its command line, as `run compare`
    static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Main.class.getModule().isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path")));
            command.addAll(List.of("-m", "examples/examples.Main"));
        } else {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "examples.Main"));
        }
        command.addAll(arguments);
        return command;
    }

    /// Lets this process, which another has started, not outlive it.
    static void endWithParent() {
        var parent = ProcessHandle.current().parent().orElseThrow();
        var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    }
}
