package examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// The part of a training that one process has made.
///
/// @param from its first step, 0 if there was none left
/// @param to the last step that it told of
/// @param killed whether it was killed then, and did not come to its own end
record Stretch(long from, long to, boolean killed) {

    // @start region=kill
    /// {@return what a process makes of a training until it is killed, at a step or a little later}
    ///
    /// @throws IOException if it ends in another way than by success, or by being killed
    static Stretch of(Process training, long fatal, long pauseNanos, ChildRuns runs)
            throws IOException {
        long from = 0;
        long to = 0;
        try (BufferedReader steps = training.inputReader()) {
            for (String line = steps.readLine(); line != null; line = steps.readLine()) {
                to = Long.parseLong(line);
                from = from == 0 ? to : from;
                if (to >= fatal) {
                    LockSupport.parkNanos(pauseNanos);
                    return new Stretch(from, to, runs.kill(training));
                }
            }
        }
        runs.awaitEnd(training);
        return new Stretch(from, to, false);
    }

    // @end region=kill

    /// {@return it in words: `from step 31 to step 60 of 492: killed`}
    String text(int steps) {
        return "from step %d to step %d of %d: %s"
                .formatted(from, to, steps, killed ? "killed" : "ended");
    }
}
