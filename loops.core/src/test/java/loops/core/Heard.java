package loops.core;

import java.util.List;
import loops.core.training.Callback;
import loops.core.training.RunView;

/// Writes down where hooks around a run find it.
record Heard(List<String> lines) implements Callback {
    private void add(String hook, RunView run) {
        lines.add("%s: epoch %d, step %d".formatted(hook, run.epoch(), run.globalStep()));
    }

    @Override
    public void onFitStart(RunView run) {
        add("onFitStart", run);
    }

    @Override
    public void onTestStart(RunView run) {
        add("onTestStart", run);
    }

    @Override
    public void onException(RunView run, Throwable thrown) {
        lines.add("onException: " + thrown.getClass().getName());
    }

    @Override
    public void teardown(RunView run) {
        if (run.globalStep() == 1) {
            add("teardown", run);
        }
    }
}
