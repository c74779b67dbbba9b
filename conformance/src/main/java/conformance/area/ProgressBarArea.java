package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.kit.Scenario;
import conformance.kit.ShownBars;
import conformance.kit.ShownBars.Shown;
import java.util.List;
import java.util.Optional;
import loops.core.callback.ProgressBar;
import loops.core.training.Activity;

/// What progress bars show, by a display that keeps it.
///
/// Where a case does not limit the epochs, as many are trained as it asks for.
final class ProgressBarArea implements Area {
    private static final String TOTALS = "main_bar_total_per_epoch";

    @Override
    public String name() {
        return "progress_bar";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        var flags = setup.fields("trainer");
        var scenario = Scenario.of(flags);
        if (!flags.has("max_epochs") && expect.has(TOTALS)) {
            scenario.choose(config -> config.maxEpochs(expect.count(TOTALS)));
        }
        var shown = new ShownBars();
        scenario.callback(
                ProgressBar.of(shown)
                        .refreshEvery(Math.toIntExact(setup.whole("refresh_rate", 1))));
        var answers = scenario.answers();
        if (expect.has("test_bar_values")) {
            scenario.test();
        } else if (expect.has("predict_bar_values")) {
            scenario.predict();
        } else {
            scenario.fit();
        }
        return answers.to("main_bar_values", () -> shown.latest(Activity.TRAINING))
                .to("val_bar_values", () -> shown.latest(Activity.VALIDATION))
                .to("val_bar_values_last_run", () -> shown.latest(Activity.VALIDATION))
                .to("sanity_bar_values", () -> shown.latest(Activity.SANITY_CHECK))
                .to("test_bar_values", () -> shown.latest(Activity.TEST))
                .to("predict_bar_values", () -> shown.latest(Activity.PREDICTION))
                .to(TOTALS, () -> totals(shown.of(Activity.TRAINING)))
                .to("val_check_batch", () -> batchesBeforeValidation(scenario));
    }

    private static List<Optional<Integer>> totals(List<Shown> bars) {
        return bars.stream().map(bar -> bar.total().stream().boxed().findFirst()).toList();
    }

    private static long batchesBeforeValidation(Scenario scenario) {
        return scenario.events()
                .begun()
                .map(event -> event.name())
                .takeWhile(name -> !name.equals("on_validation_start"))
                .filter(name -> name.equals("on_train_batch_end"))
                .count();
    }
}
