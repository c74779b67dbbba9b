package examples;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import loops.core.callback.ProgressBar;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TrainingModule;

/// Says which fold begins, and how long each took in this process. It is no state: a resumed run measures what it does
/// itself.
final class FoldTimer implements Callback {
    private final List<? extends TrainingModule> members;
    private final PrintWriter out;
    private final Map<Integer, Long> startNanos = new HashMap<>();
    private final Map<Integer, Double> seconds = new HashMap<>();

    /// A timer for the folds that train these modules.
    FoldTimer(List<? extends TrainingModule> members, PrintWriter out) {
        this.members = members;
        this.out = out;
    }

    @Override
    public void onTrainStart(RunView run) {
        int fold = members.indexOf(run.module());
        out.printf("fold %d of %d%n", fold + 1, members.size());
        startNanos.put(fold, System.nanoTime());
    }

    @Override
    public void onTrainEnd(RunView run) {
        int fold = members.indexOf(run.module());
        var start = startNanos.get(fold);
        if (start != null) {
            seconds.put(fold, (System.nanoTime() - start) / 1e9);
        }
    }

    /// {@return the seconds of a fold's training, or a dash if it began in an earlier process}
    ///
    /// @param fold its number, from 0
    String of(int fold) {
        var measured = seconds.get(fold);
        return measured == null ? "-" : String.format(Locale.ROOT, "%.1f", measured);
    }

    /// {@return the bar that shows how far a fold is}
    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    static ProgressBar bar(PrintWriter out) {
        var console = System.console();
        return new ProgressBar(out, console != null && console.isTerminal());
    }
}
