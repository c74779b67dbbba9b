package loops.recipes;

import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Text;

/// Makes of the state of a cross-validation in series that of one in parallel, and the other way round. A fold that has
/// ended is the same in both.
final class FoldStates {
    /// The version of a state that may lie within a fold: that of a [KFoldLoop].
    static final int WITHIN_FOLDS = 1;

    /// The version of a state that lies between folds: that of a [ParallelKFoldLoop].
    static final int BETWEEN_FOLDS = 2;

    private static final String RUN = "run";
    private static final String FIT_LOOP = "fit_loop";
    private static final String SCOPE = "scope";
    private static final String PROGRESS = "fold_progress";

    private FoldStates() {}

    /// {@return a state of a loop in parallel as one in series would have saved it}
    ///
    /// @param fitLoop the state of a loop that fits, before the first fold
    static Fields inSeries(Fields parallel, Fields fitLoop) {
        return parallel.with(FIT_LOOP, fitLoop).with(SCOPE, Fields.empty());
    }

    /// {@return a state of a loop in series as one in parallel would have saved it} A fold that was under way has not
    /// been begun there.
    static Fields inParallel(Fields series) {
        var parallel = new LinkedHashMap<>(series.entries());
        parallel.remove(FIT_LOOP);
        parallel.remove(SCOPE);
        if (series.has(RUN) && series.fields(RUN).text("phase").equals("advance")) {
            parallel.put(RUN, betweenSteps(series.fields(RUN)));
            parallel.put(PROGRESS, ended(series.fields(PROGRESS)));
        }
        return new Fields(parallel);
    }

    /// {@return the frame of a run in the middle of a step as one before that step}
    private static Fields betweenSteps(Fields frame) {
        var nothing = new Items(List.of());
        return Fields.of("phase", new Text("done"))
                .with("input", frame.get("input"))
                .with(
                        "log",
                        Fields.of("calls", nothing).with("outputs", nothing).with("open", false));
    }

    /// {@return the counts without the fold that has not ended}
    private static Fields ended(Fields progress) {
        var current = progress.fields("current");
        var total = progress.fields("total");
        long completed = current.num("completed");
        var allCurrent = Fields.empty();
        var allTotal = Fields.empty();
        for (String stage : current.entries().keySet()) {
            allCurrent = allCurrent.with(stage, completed);
            allTotal = allTotal.with(stage, total.num(stage) - (current.num(stage) - completed));
        }
        return Fields.of("total", allTotal).with("current", allCurrent);
    }
}
