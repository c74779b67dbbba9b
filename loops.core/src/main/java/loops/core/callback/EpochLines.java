package loops.core.callback;

import java.io.PrintWriter;
import loops.core.training.Activity;

/// A line at the end of each epoch of training, for files and pipes.
final class EpochLines implements BarDisplay {
    private final PrintWriter out;

    EpochLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(Bar bar) {}

    @Override
    public boolean ready() {
        return false;
    }

    @Override
    public void show(Bar bar) {}

    @Override
    public void end(Bar bar) {
        if (bar.activity() == Activity.TRAINING) {
            out.println(BarText.end(bar));
            out.flush();
        }
    }
}
