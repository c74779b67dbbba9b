package examples;

import java.util.IdentityHashMap;
import java.util.Locale;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TrainingModule;

/// How long each module was trained in this process. It is no state: a resumed run measures what it does itself.
final class FoldTimes implements Callback {
    private final IdentityHashMap<TrainingModule, Long> startNanos = new IdentityHashMap<>();
    private final IdentityHashMap<TrainingModule, Double> seconds = new IdentityHashMap<>();

    @Override
    public void onTrainStart(RunView run) {
        startNanos.put(run.module(), System.nanoTime());
    }

    @Override
    public void onTrainEnd(RunView run) {
        var start = startNanos.get(run.module());
        if (start != null) {
            seconds.put(run.module(), (System.nanoTime() - start) / 1e9);
        }
    }

    /// {@return the seconds of a module's training, or a dash if it began in an earlier process}
    String of(TrainingModule module) {
        var measured = seconds.get(module);
        return measured == null ? "-" : String.format(Locale.ROOT, "%.1f", measured);
    }
}
