package examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import loops.core.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tensor.api.Device;
import tensor.api.RandomKey;

/// A training is killed without warning, at random moments; each time the same command goes on. What it has learned and logged
/// in the end is, to the last bit, that of a training which nothing disturbed.
///
/// The program starts itself as a child process, reads from it the number of each step, and kills it around one by SIGKILL.
/// The training, [KilledTraining], knows nothing of that: it saves every fifth step, and begins by `Resume.latest(folder)`.
///
/// ```text
/// $ ./loops run resume-after-kill --smoke
/// from step 1 to step ... of 41: killed
/// from step ... to step ... of 41: killed
/// from step ... to step 41 of 41: ended
/// resume-after-kill: 2 kills, 0 differences
/// ```
///
/// The whole run kills a training of 492 steps 20 times: `20 kills, 0 differences` (2026-11-22, data and weights by seed 0, the
/// moments by chance, two cores with AVX-512, JDK 25).
@Command(
        name = "resume-after-kill",
        description = "Kill a training again and again, resume it, and find no difference.")
public final class ResumeAfterKill implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions options = new RunOptions();

    private final RandomKey chance = RandomKey.of(System.nanoTime());

    @Option(names = "--in", hidden = true, description = "Train in this folder, to be killed.")
    private @Nullable Path folder;

    /// An example with its default options.
    public ResumeAfterKill() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        if (options.explain) {
            Trainer.of(c -> {}).slots().fit().get().explain().text().lines().forEach(out::println);
        } else if (folder != null) {
            ThisProgram.endWithParent();
            training(folder).run(out);
        } else {
            return kill(options.smoke ? 2 : 20, out);
        }
        return 0;
    }

    private KilledTraining training(Path where) {
        return new KilledTraining(where, options.smoke ? 1 : 12);
    }

    private int kill(int times, PrintWriter out) throws IOException {
        try (var runs = new ChildRuns("resume-after-kill")) {
            var unbroken = training(runs.folder().resolve("unbroken"));
            var broken = training(runs.folder().resolve("broken"));
            int count = runs.await(start(runs, unbroken)).size();
            int kills = 0;
            for (long moment : moments(times, count)) {
                long pauseNanos = chance.below(moment, 5_000_000);
                var stretch = Stretch.of(start(runs, broken), moment, pauseNanos, runs);
                out.println(stretch.text(count));
                kills += stretch.killed() ? 1 : 0;
            }
            var last = Stretch.of(start(runs, broken), Long.MAX_VALUE, 0, runs);
            out.println(last.text(count));
            long differences = unbroken.differences(broken);
            out.printf("resume-after-kill: %d kills, %d differences%n", kills, differences);
            return kills == times && differences == 0 ? 0 : 1;
        }
    }

    private Process start(ChildRuns runs, KilledTraining training) throws IOException {
        return runs.start(
                List.of(
                        "run",
                        "resume-after-kill",
                        "--in=" + training.folder(),
                        "--smoke=" + options.smoke,
                        "--device=" + Device.current().name()));
    }

    /// {@return steps at random, in order} The last quarter is left, so that no training ends before it is killed.
    private long[] moments(int count, int steps) {
        var any = LongStream.range(0, count).map(i -> 1L + chance.below(i, steps * 3 / 4));
        return any.sorted().toArray();
    }
}
