package loops.core.callback;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import loops.core.training.Activity;

/// The words and numbers of a bar.
final class BarText {
    private static final int WIDTH = 24;

    private BarText() {}

    /// {@return a bar as one line: `epoch 1/2 [====    ] 3/6  120/s  0:04 left  loss 0.2500`}
    ///
    /// @param bar where it stands
    /// @param began where it stood when it was begun
    /// @param millis the time since then
    static String line(Bar bar, Bar began, long millis) {
        double seconds = Math.max(1, millis) / 1000.0;
        double rate = (bar.count() - began.count()) / seconds;
        String metrics = bar.metrics().isEmpty() ? "" : "  " + metrics(bar);
        if (bar.total().isEmpty()) {
            return String.format(
                    Locale.ROOT,
                    "%s  %d batches  %.0f/s%s",
                    title(bar),
                    bar.count(),
                    rate,
                    metrics);
        }
        int all = Math.max(bar.count(), bar.total().getAsInt());
        int full = all == 0 ? WIDTH : (int) ((long) WIDTH * bar.count() / all);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %d/%d  %.0f/s  %s left%s",
                title(bar),
                "=".repeat(full),
                " ".repeat(WIDTH - full),
                bar.count(),
                all,
                rate,
                left(bar, all, rate),
                metrics);
    }

    /// {@return what an epoch came to, as one line}
    static String end(Bar bar) {
        return "%s  %s".formatted(title(bar), metrics(bar));
    }

    private static String title(Bar bar) {
        if (bar.activity() != Activity.TRAINING) {
            return bar.activity().verb();
        }
        String ofAll = bar.epochs().isPresent() ? "/" + bar.epochs().getAsInt() : "";
        return "epoch %d%s".formatted(bar.epoch() + 1, ofAll);
    }

    /// {@return the time to the end of the fit, if its epochs are limited, or else of the bar} It is `-:--` as long as
    /// there is no rate.
    private static String left(Bar bar, int all, double rate) {
        if (rate == 0) {
            return "-:--";
        }
        boolean fit = bar.activity() == Activity.TRAINING && bar.epochs().isPresent();
        long epochs = fit ? Math.max(1, bar.epochs().getAsInt() - bar.epoch()) : 1;
        long seconds = Math.round((epochs * all - bar.count()) / rate);
        return seconds >= 3600
                ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
                : "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private static String metrics(Bar bar) {
        return bar.metrics().entrySet().stream()
                .map(BarText::metric)
                .collect(Collectors.joining("  "));
    }

    private static String metric(Map.Entry<String, Double> metric) {
        return String.format(Locale.ROOT, "%s %.4f", metric.getKey(), metric.getValue());
    }
}
