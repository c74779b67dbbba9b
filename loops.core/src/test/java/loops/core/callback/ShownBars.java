package loops.core.callback;

import java.util.ArrayList;
import java.util.List;
import loops.core.training.Activity;

/// A display that writes down what it is told: `TRAINING 0/7`.
final class ShownBars implements BarDisplay {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void begin(Bar bar) {
        add("begin", bar);
    }

    @Override
    public void show(Bar bar) {
        add("show", bar);
    }

    @Override
    public void end(Bar bar) {
        add("end", bar);
    }

    @Override
    public void close() {
        lines.add("close");
    }

    private void add(String verb, Bar bar) {
        String total = bar.total().isPresent() ? "/" + bar.total().getAsInt() : "";
        lines.add("%s %s %d%s".formatted(verb, bar.activity(), bar.count(), total));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> lines(Activity activity) {
        return lines.stream()
                .filter(line -> line.contains(activity.name()))
                .map(line -> line.replace(" " + activity, ""))
                .toList();
    }
}
