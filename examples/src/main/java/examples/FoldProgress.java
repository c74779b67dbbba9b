package examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import loops.api.Subscription;
import loops.core.callback.ProgressBar;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.recipes.FoldResult;
import loops.recipes.RoundEnd;

/// What says how far a cross-validation is, and lets a timer measure its folds.
///
/// @param ofRun callbacks of the whole run
/// @param ofEachFold callbacks of every fold, which may hear several folds at once
record FoldProgress(List<Callback> ofRun, List<Callback> ofEachFold) {

    /// {@return the callbacks of a cross-validation}
    ///
    /// @param atOnce how many folds are trained at the same time
    static FoldProgress of(int atOnce, FoldTimer timer, PrintWriter out) {
        return atOnce == 1 ? inSeries(timer, out) : inRounds(timer, out);
    }

    /// {@return what says which fold begins, and how far its epochs are}
    private static FoldProgress inSeries(FoldTimer timer, PrintWriter out) {
        var begun =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        out.printf("fold %d of %d%n", timer.fold(run) + 1, timer.members().size());
                    }
                };
        return new FoldProgress(List.of(timer, begun, bar(out)), List.of());
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    private static ProgressBar bar(PrintWriter out) {
        var console = System.console();
        return new ProgressBar(out, console != null && console.isTerminal());
    }

    /// {@return what says after each round what came of its folds}
    private static FoldProgress inRounds(FoldTimer timer, PrintWriter out) {
        int folds = timer.members().size();
        var ended =
                new Callback() {
                    @Override
                    public List<Subscription<?>> subscriptions() {
                        return List.of(
                                Subscription.to(
                                        RoundEnd.class,
                                        round ->
                                                round.folds()
                                                        .forEach(fold -> tell(fold, folds, out))));
                    }
                };
        return new FoldProgress(List.of(ended), List.of(timer));
    }

    private static void tell(FoldResult fold, int folds, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "fold %d of %d  val_loss %.4f  val_acc %.4f%n",
                fold.fold() + 1,
                folds,
                fold.fit().metric("val_loss"),
                fold.fit().metric("val_acc"));
    }
}
