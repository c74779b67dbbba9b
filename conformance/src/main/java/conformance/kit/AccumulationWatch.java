package conformance.kit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Watches what changes the weights of a model while several batches make one step, and when.
public final class AccumulationWatch {
    private boolean inStep = true;
    private boolean inBackward = true;
    private boolean beforeStep = true;
    private List<float[]> atStart = List.of();
    private boolean stepped;

    /// Nothing seen yet.
    public AccumulationWatch() {}

    /// Watches a scenario, which is run afterwards.
    ///
    /// @param scenario the scenario
    public void watch(Scenario scenario) {
        var events = scenario.events();
        int batches = scenario.batchesOfAnEpoch();
        events.on("on_train_batch_start", event -> start(scenario));
        events.on("optimizer_step", event -> step(scenario));
        events.on("on_after_backward", event -> inBackward &= !changed(scenario));
        events.on(
                "on_train_batch_end", event -> end(scenario, event.place().batch() == batches - 1));
    }

    private void start(Scenario scenario) {
        atStart = scenario.model().weights();
        stepped = false;
    }

    private void step(Scenario scenario) {
        stepped = true;
        beforeStep &= !changed(scenario);
    }

    private void end(Scenario scenario, boolean last) {
        inStep &= changed(scenario) == (stepped || last);
    }

    private boolean changed(Scenario scenario) {
        var now = scenario.model().weights();
        for (int i = 0; i < now.size(); i++) {
            if (!Arrays.equals(now.get(i), atStart.get(i))) {
                return true;
            }
        }
        return false;
    }

    /// {@return what holds, each as a sentence; what does not hold is negated}
    public List<String> statements() {
        return Stream.of(
                        said(
                                inStep,
                                "weights change in a batch iff optimizer_step was called in it or it is"
                                        + " the last batch of the epoch"),
                        said(inBackward, "backward never changes weights"),
                        said(
                                beforeStep,
                                "weights at optimizer_step entry equal those at on_train_batch_start"))
                .toList();
    }

    private static String said(boolean holds, String sentence) {
        return holds ? sentence : "not so: " + sentence;
    }
}
