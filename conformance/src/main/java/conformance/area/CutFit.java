package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json.Fields;
import conformance.kit.Event;
import conformance.kit.Event.Place;
import conformance.kit.Failure;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// A fit that is cut: user code throws, or it is asked to end. Then the one that goes on from what it left, and the same fit
/// undisturbed.
///
/// In the middle of a step no state is taken: what is left is the last safe point before it. Counters in the middle of the
/// step are those that the loops hold in memory.
///
/// @param cut the fit that is cut
/// @param memory what its loops hold after that
/// @param saved what it left
/// @param resumed the fit that goes on
/// @param undisturbed the fit that is not cut
record CutFit(Scenario cut, Fields memory, SavedRun saved, Scenario resumed, Scenario undisturbed) {
    private static final Phrases<Boolean> SAVES =
            Phrases.<Boolean>of()
                    .say("\\.pl_auto_save\\.ckpt", said -> true)
                    .say("trainer\\.save_checkpoint after the exception", said -> true);

    private static final Phrases<Boolean> GOES_ON =
            Phrases.<Boolean>of()
                    .say("resume from \\.pl_auto_save\\.ckpt", said -> true)
                    .say("new trainer, fit\\(ckpt_path\\)", said -> true);

    /// {@return a fit that is cut, and the others}
    ///
    /// @param scenarios makes the fits, each with a folder for what it writes
    /// @param how cuts the first
    static CutFit of(Function<Path, Scenario> scenarios, Consumer<Scenario> how, Path folder) {
        var place = folder.resolve(StateScenario.AUTO_SAVE);
        var cut = scenarios.apply(folder);
        cut.choose(config -> config.autoSave(place));
        how.accept(cut);
        var _ = Refused.by(cut::fit);
        var memory = StateScenario.memory(cut);
        var saved =
                SavedRun.at(place)
                        .orElseThrow(() ->
                                new NotUnderstoodException("nothing cuts the fit of this case"));
        var resumed = scenarios.apply(folder);
        resumed.choose(config -> config.autoSave(place));
        resumed.fit();
        var undisturbed = scenarios.apply(folder.resolve("undisturbed"));
        undisturbed.fit();
        return new CutFit(cut, memory, saved, resumed, undisturbed);
    }

    static CutFit failing(Keys setup, Path folder) {
        setup.textIfAny("checkpoint").ifPresent(SAVES::read);
        setup.textIfAny("then").ifPresent(GOES_ON::read);
        var failure = Failure.read(setup.fields("fail"));
        return of(place -> StateScenario.of(setup, place), failure::in, folder);
    }

    // ---- what was made

    boolean sameWeights() {
        return resumed.model().sameWeights(undisturbed.model());
    }

    /// {@return whether the fit that was cut and the one that went on have together made the steps of the undisturbed one}
    ///
    /// @param step the name of the steps
    boolean sameSteps(String step) {
        return Stream.of(cut, resumed)
                .flatMap(each -> made(each, step).stream())
                .toList()
                .equals(made(undisturbed, step));
    }

    /// {@return where the steps were made that came to their end}
    ///
    /// @param scenario the runs
    /// @param step the name of the steps
    static List<Place> made(Scenario scenario, String step) {
        return scenario.events().all().stream()
                .filter(event -> !event.entered() && event.name().equals(step))
                .map(Event::place)
                .toList();
    }

    // ---- answers

    Answers answers() {
        return new Answers()
                .to("optimizer_idx_sequence_undisturbed", () -> optimizers(undisturbed))
                .to("sequence_until_failure", () -> optimizers(cut))
                .to("sequence_after_resume", () -> optimizers(resumed))
                .to("final_weights_equal_undisturbed_run", this::sameWeights)
                .to("final_weights_equal_undisturbed", this::sameWeights)
                .to("batches_before_failure", () -> made(cut, "training_step").size())
                .to("batches_after_resume", () -> made(resumed, "training_step").size())
                .to("batches_equal_undisturbed", () -> sameSteps("training_step"))
                .to("training_steps_before", () -> steps(cut))
                .to("training_steps_after", () -> steps(resumed))
                .to("validations_before", () -> validations(cut))
                .to("validations_after", () -> validations(resumed))
                .to(
                        "checkpoint",
                        () ->
                                new Answers()
                                        .to("epoch", saved::epoch)
                                        .to("global_step", saved::globalStep)
                                        .to("fit_loop_state", () -> memory))
                .to(
                        "final",
                        () ->
                                resumed.answers()
                                        .to("fit_loop_state", () -> StateScenario.memory(resumed)));
    }

    private static List<Integer> optimizers(Scenario scenario) {
        return scenario.events().each("training_step", Place::optimizer);
    }

    private static List<List<Number>> validations(Scenario scenario) {
        return ValidationScheduleArea.validations(scenario.events());
    }

    /// The optimizer is told where there are several.
    private static List<List<Number>> steps(Scenario scenario) {
        boolean several =
                scenario.events()
                        .of("training_step")
                        .anyMatch(step -> step.place().optimizer() > 0);
        return scenario.events()
                .each(
                        "training_step",
                        place -> {
                            var step = new ArrayList<Number>(List.of(place.epoch(), place.batch()));
                            if (several) {
                                step.add(place.optimizer());
                            }
                            step.add(place.globalStep());
                            return step;
                        });
    }
}
