package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json.Fields;
import conformance.kit.Event.Place;
import conformance.kit.Failure;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import loops.core.Resume;

/// A fit in which user code throws, the one that goes on from what it left, and the same fit undisturbed.
///
/// In the middle of a step no state is taken: what is left is the last safe point before it. Counters in the middle of the
/// step are those that the loops hold in memory.
///
/// @param failed the fit that fails
/// @param memory what its loops hold after that
/// @param saved what it left
/// @param resumed the fit that goes on
/// @param undisturbed the fit in which nothing is thrown
record FailedFit(
        Scenario failed, Fields memory, SavedRun saved, Scenario resumed, Scenario undisturbed) {
    private static final Phrases<Boolean> SAVES =
            Phrases.<Boolean>of()
                    .say("\\.pl_auto_save\\.ckpt", said -> true)
                    .say("trainer\\.save_checkpoint after the exception", said -> true);

    private static final Phrases<Boolean> GOES_ON =
            Phrases.<Boolean>of()
                    .say("resume from \\.pl_auto_save\\.ckpt", said -> true)
                    .say("new trainer, fit\\(ckpt_path\\)", said -> true);

    static FailedFit of(Keys setup, Path folder) {
        setup.textIfAny("checkpoint").ifPresent(SAVES::read);
        setup.textIfAny("then").ifPresent(GOES_ON::read);
        var failure = Failure.read(setup.fields("fail"));
        return of(setup, failure, folder);
    }

    private static FailedFit of(Keys setup, Failure failure, Path folder) {
        var failed = StateScenario.of(setup, folder);
        var place = folder.resolve(StateScenario.AUTO_SAVE);
        failed.choose(config -> config.autoSave(place));
        failure.in(failed);
        if (Refused.by(failed::fit).isEmpty()) {
            throw new NotUnderstoodException("nothing happens at the place of " + failure);
        }
        var memory = StateScenario.memory(failed);
        var saved = SavedRun.at(place).orElseThrow();
        var resumed = StateScenario.of(setup, folder);
        resumed.fit(Resume.from(place));
        var undisturbed = StateScenario.of(setup, folder.resolve("undisturbed"));
        undisturbed.fit();
        return new FailedFit(failed, memory, saved, resumed, undisturbed);
    }

    Answers answers() {
        return new Answers()
                .to("optimizer_idx_sequence_undisturbed", () -> optimizers(undisturbed))
                .to("sequence_until_failure", () -> optimizers(failed))
                .to("sequence_after_resume", () -> optimizers(resumed))
                .to("final_weights_equal_undisturbed_run", this::sameWeights)
                .to("training_steps_before", () -> steps(failed))
                .to("training_steps_after", () -> steps(resumed))
                .to("validations_before", () -> validations(failed))
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

    boolean sameWeights() {
        return resumed.model().sameWeights(undisturbed.model());
    }

    private static List<Integer> optimizers(Scenario scenario) {
        return scenario.events().each("training_step", Place::optimizer);
    }

    private static List<List<Number>> validations(Scenario scenario) {
        return ValidationScheduleArea.validations(scenario.events());
    }

    /// The optimizer is told where there are several.
    private static List<List<Number>> steps(Scenario scenario) {
        boolean several = scenario.events().of("training_step").anyMatch(FailedFit::notTheFirst);
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

    private static boolean notTheFirst(conformance.kit.Event step) {
        return step.place().optimizer() > 0;
    }
}
