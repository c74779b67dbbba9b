package loops.core.callback;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import loops.core.training.Activity;

/// One line of a terminal that is drawn over and over: the bar that was begun last, at most ten times a second.
final class TerminalLine implements BarDisplay {
    private static final Duration REFRESH = Duration.ofMillis(100);
    private static final String OVER = "\r";
    private static final String CLEAR_REST = "\u001b[K";

    private final PrintWriter out;
    private final InstantSource clock;
    private final Deque<Open> open = new ArrayDeque<>();
    private long drawnMillis;
    private boolean drawn;

    private record Open(Bar began, long millis) {}

    TerminalLine(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void begin(Bar bar) {
        open.push(new Open(bar, clock.millis()));
        drawnMillis = 0;
    }

    @Override
    public boolean ready() {
        return clock.millis() - drawnMillis >= REFRESH.toMillis();
    }

    @Override
    public void show(Bar bar) {
        var latest = open.peek();
        if (latest == null || latest.began().activity() != bar.activity()) {
            return;
        }
        drawnMillis = clock.millis();
        draw(BarText.line(bar, latest.began(), drawnMillis - latest.millis()));
    }

    @Override
    public void end(Bar bar) {
        open.poll();
        if (bar.activity() == Activity.TRAINING) {
            draw(BarText.end(bar));
        }
    }

    @Override
    public void close() {
        open.clear();
        if (drawn) {
            out.println();
            out.flush();
            drawn = false;
        }
    }

    private void draw(String line) {
        out.print(OVER + line + CLEAR_REST);
        out.flush();
        drawn = true;
    }
}
