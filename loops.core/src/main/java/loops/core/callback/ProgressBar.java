package loops.core.callback;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;

/// Shows how far a fit has come: on a terminal a bar with rate and time left, elsewhere a line an epoch.
///
/// It reads the clock and changes nothing, so a run with it has the bits of a run without.
public final class ProgressBar implements Callback {
    private static final int WIDTH = 24;
    private static final Duration REFRESH = Duration.ofMillis(100);

    private final PrintWriter out;
    private final boolean terminal;
    private final InstantSource clock;
    private final Watch watch = new Watch();

    /// When the shown fit began, and when the bar was last drawn. It is no state: it is about this process.
    private static final class Watch {
        long startMillis;
        long drawnMillis;
        long batches;
    }

    /// A progress bar.
    ///
    /// @param out where it is shown
    /// @param terminal whether that is a terminal, on which a line can be drawn over
    public ProgressBar(PrintWriter out, boolean terminal) {
        this(out, terminal, InstantSource.system());
    }

    ProgressBar(PrintWriter out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public void onTrainEpochStart(RunView run) {
        watch.startMillis = clock.millis();
        watch.drawnMillis = 0;
        watch.batches = 0;
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        watch.batches++;
        long now = clock.millis();
        if (terminal && now - watch.drawnMillis >= REFRESH.toMillis()) {
            watch.drawnMillis = now;
            out.print("\r" + bar(run, batchIndex + 1, now) + "\u001b[K");
            out.flush();
        }
    }

    @Override
    public void onTrainEpochEnd(RunView run) {
        String metrics =
                run.metrics().all().entrySet().stream()
                        .map(ProgressBar::shown)
                        .collect(Collectors.joining("  "));
        String line = "epoch %d%s  %s".formatted(run.epoch() + 1, ofAll(run), metrics);
        if (terminal) {
            out.print("\r" + line + "\u001b[K");
        } else {
            out.println(line);
        }
        out.flush();
    }

    @Override
    public void onTrainEnd(RunView run) {
        if (terminal) {
            out.println();
        }
    }

    private String bar(RunView run, int batches, long now) {
        double seconds = Math.max(1, now - watch.startMillis) / 1000.0;
        double rate = watch.batches / seconds;
        String place = "epoch %d%s".formatted(run.epoch() + 1, ofAll(run));
        if (run.batchCount().isEmpty()) {
            return String.format(Locale.ROOT, "%s  %d batches  %.0f/s", place, batches, rate);
        }
        int all = Math.max(batches, run.batchCount().getAsInt());
        int full = (int) ((long) WIDTH * batches / all);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %d/%d  %.0f/s  %s left",
                place,
                "=".repeat(full),
                " ".repeat(WIDTH - full),
                batches,
                all,
                rate,
                left(run, batches, all, rate));
    }

    /// {@return the time to the end of the fit, if its epochs are limited, or else of the epoch}
    private static String left(RunView run, int batches, int all, double rate) {
        long epochs = Math.max(1, run.plan().maxEpochs() - run.epoch());
        long seconds = Math.round((epochs * all - batches) / rate);
        return seconds >= 3600
                ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
                : "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private static String ofAll(RunView run) {
        return run.plan().maxEpochs() < 0 ? "" : "/" + run.plan().maxEpochs();
    }

    private static String shown(Map.Entry<String, Double> metric) {
        return String.format(Locale.ROOT, "%s %.4f", metric.getKey(), metric.getValue());
    }
}
