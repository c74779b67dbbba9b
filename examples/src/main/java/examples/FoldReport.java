package examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import loops.core.Trainer;
import loops.core.training.FitResult;
import loops.recipes.CrossValidationLoop;
import loops.recipes.FoldResult;
import loops.stats.ConfidenceInterval;
import loops.stats.PairedTTest;
import loops.stats.Spread;

/// Says what the folds of a cross-validation came to.
///
/// @param folds what each came to
record FoldReport(List<FoldResult> folds) {
    private static final double CONFIDENCE = 0.95;

    /// What two accuracies differ by that are equal.
    private static final double ROUNDING = 1e-9;

    /// {@return the report of the cross-validation that a trainer has run}
    static FoldReport of(Trainer trainer) {
        return new FoldReport(trainer.slots().fit().get(CrossValidationLoop.class).results());
    }

    /// Prints a line for each fold.
    void table(FoldTimer timer, PrintWriter out) {
        out.println("fold  accuracy    loss  epochs  seconds");
        for (FoldResult fold : folds) {
            out.printf(
                    Locale.ROOT,
                    "%4d    %.4f  %.4f  %6d  %7s%n",
                    fold.fold() + 1,
                    fold.fit().metric("val_acc"),
                    fold.fit().metric("val_loss"),
                    fold.fit().epochs(),
                    timer.of(fold.fold()));
        }
    }

    /// Prints what the networks of all folds came to together.
    void ensemble(FitResult result, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "ensemble on the test part: accuracy %.4f%n",
                result.metric("test_acc"));
    }

    /// Prints the last lines.
    ///
    /// @return the exit status: 1 if the target is not reached, or a loss is no number
    int conclude(KFoldTarget target, PrintWriter out) {
        target.absence().ifPresent(out::println);
        diverged().ifPresent(out::println);
        out.println("kfold digits: " + spread());
        out.println("kfold: " + interval());
        return target.reached(mean()) && diverged().isEmpty() ? 0 : 1;
    }

    /// {@return what says which fold has lost its way, if one has}
    private Optional<String> diverged() {
        return folds.stream()
                .filter(fold -> !Double.isFinite(fold.fit().metric("val_loss")))
                .map(fold ->
                        "the loss of fold %d is %s: nothing was learned, use a smaller --lr"
                                .formatted(fold.fold() + 1, fold.fit().metric("val_loss")))
                .findFirst();
    }

    /// {@return the accuracy of each fold}
    double[] accuracies() {
        return folds.stream().mapToDouble(fold -> fold.fit().metric("val_acc")).toArray();
    }

    /// {@return in a line the mean accuracy and its standard deviation}
    private String spread() {
        return "accuracy %s (%d folds)".formatted(Spread.of(accuracies()), folds.size());
    }

    /// {@return in a line the mean accuracy and where that of all such digits is expected}
    private String interval() {
        var interval = ConfidenceInterval.of(CONFIDENCE, accuracies());
        return String.format(
                Locale.ROOT,
                "accuracy %.4f, true mean within %.4f to %.4f at confidence %s",
                mean(),
                interval.low(),
                interval.high(),
                CONFIDENCE);
    }

    /// {@return the mean accuracy of the folds}
    double mean() {
        return Spread.of(accuracies()).mean();
    }

    /// {@return in a line whether the folds of another network were better or worse}
    ///
    /// @param units of the hidden layer of the other
    String against(FoldReport other, int units) {
        var differences = Spread.of(differences(other));
        return String.format(
                Locale.ROOT,
                "with %d units: accuracy %s, difference %.4f, %s",
                units,
                Spread.of(other.accuracies()),
                differences.mean(),
                differences.deviation() < ROUNDING
                        ? "the same in all folds"
                        : String.format(
                                Locale.ROOT,
                                "paired t-test p %.4f",
                                PairedTTest.of(accuracies(), other.accuracies()).pValue()));
    }

    private double[] differences(FoldReport other) {
        double[] differences = accuracies();
        for (int i = 0; i < differences.length; i++) {
            differences[i] -= other.accuracies()[i];
        }
        return differences;
    }
}
