package conformance.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import loops.core.callback.Bar;
import loops.core.callback.BarDisplay;
import loops.core.training.Activity;

/// A display that keeps what a progress bar shows.
public final class ShownBars implements BarDisplay {
    /// A bar, from its begin to its end.
    ///
    /// @param activity what it is of
    /// @param total of how many batches it was when it began, if that was known
    /// @param values where it stood when it began, and whenever it was shown
    public record Shown(Activity activity, OptionalInt total, List<Integer> values) {}

    private final List<Shown> bars = new ArrayList<>();

    /// Nothing is shown yet.
    public ShownBars() {}

    @Override
    public void begin(Bar bar) {
        var values = new ArrayList<Integer>();
        values.add(bar.count());
        bars.add(new Shown(bar.activity(), bar.total(), values));
    }

    @Override
    public void show(Bar bar) {
        of(bar.activity()).getLast().values().add(bar.count());
    }

    @Override
    public void end(Bar bar) {}

    /// {@return the bars of an activity, in order}
    ///
    /// @param activity the activity
    public List<Shown> of(Activity activity) {
        return bars.stream().filter(bar -> bar.activity() == activity).toList();
    }

    /// {@return where the last bar of an activity stood, if there was one}
    ///
    /// @param activity the activity
    public Optional<List<Integer>> latest(Activity activity) {
        var all = of(activity);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().values());
    }
}
