package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Event;
import conformance.kit.Event.Place;
import conformance.kit.Scenario;
import conformance.kit.TrainerState;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// A fit that is asked to end in the midst of it, as a signal to the process does.
final class SignalledFit {
    private static final String POSITION = ".state_dict has dataloader_state_dict";
    private static final String TRAINING = "epoch_loop";
    private static final String VALIDATION = "val epoch_loop";

    /// Where the signal comes; a hook that is called once an epoch has no batch.
    private static final Phrases<BiPredicate<Scenario, Event>> MOMENTS =
            Phrases.<BiPredicate<Scenario, Event>>of()
                    .say(
                            "batch_idx (\\d+)",
                            said -> {
                                int batch = Integer.parseInt(said.group(1));
                                return (scenario, event) -> isAt(event.place(), batch);
                            })
                    .say(
                            "last batch",
                            said ->
                                    (scenario, event) ->
                                            isAt(event.place(), lastBatch(scenario, event)));

    private SignalledFit() {}

    static Answers of(Keys setup, Path folder) {
        var exact = setup.changed(SignalledFit::withNoMoreThanIsTaken);
        var signal = exact.fields("signal_sent");
        var moment = MOMENTS.read(signal.text("on"));
        String in = signal.text("in");
        Consumer<Scenario> ends =
                scenario ->
                        scenario.events()
                                .on(
                                        in,
                                        event -> {
                                            if (moment.test(scenario, event)) {
                                                scenario.trainer().interrupt("a signal");
                                            }
                                        });
        return answers(CutFit.of(place -> StateScenario.of(exact, place), ends, folder));
    }

    /// The loaders have as many batches as are taken of them, so that the last one is the last of its loader.
    private static Fields withNoMoreThanIsTaken(Fields setup) {
        return withLength(
                withLength(setup, "train_batches", "limit_train_batches"),
                "val_batches",
                "limit_val_batches");
    }

    private static Fields withLength(Fields setup, String length, String limit) {
        return setup.at("trainer", limit)
                .filter(batches -> batches instanceof Json.Whole && !setup.has(length))
                .map(batches -> setup.with(length, batches))
                .orElse(setup);
    }

    private static boolean isAt(Place place, int batch) {
        return place.batch() == -1 || place.batch() == batch;
    }

    private static int lastBatch(Scenario scenario, Event event) {
        var sources = scenario.loaders();
        var plan = scenario.trainer().plan();
        var count =
                switch (event.name()) {
                    case "training_step" ->
                            plan.trainLimit().of(sources.trainSource().batchCount());
                    case "validation_step" ->
                            plan.validationLimit()
                                    .of(
                                            sources.validationSources()
                                                    .get(event.place().loader())
                                                    .batchCount());
                    default -> OptionalInt.of(event.place().batch() + 1);
                };
        return count.orElseThrow(() -> new NotUnderstoodException("no batch is the last")) - 1;
    }

    private static Answers answers(CutFit fit) {
        var saved = fit.saved();
        var loops = fit.cut().trainer().slots().fit().get();
        var state = TrainerState.ofFit(loops, saved.fitLoop());
        return new Answers()
                .to("exits_gracefully_in", () -> exit(fit.resumed()))
                .to("auto_save_file", () -> saved.place().getFileName().toString())
                .to(
                        "train_batches_seen_before_exit",
                        () -> CutFit.made(fit.cut(), "training_step").size())
                .to(
                        "train_batches_seen_after_restart",
                        () -> CutFit.made(fit.resumed(), "training_step").size())
                .to(
                        "batches_before_plus_after_equal_undisturbed",
                        () -> fit.sameSteps("training_step") && fit.sameSteps("validation_step"))
                .to("final_weights_equal_undisturbed", fit::sameWeights)
                .to("checkpoint", () -> checkpoint(state, fit.resumed()));
    }

    /// Which loop was left is seen by the step with which the fit goes on: a loop that has made its last step is left with the
    /// step of the loop around it.
    private static String exit(Scenario resumed) {
        return resumed.events()
                .begun()
                .map(Event::name)
                .filter(name -> name.equals("training_step") || name.equals("validation_step"))
                .findFirst()
                .map(step ->
                        step.equals("training_step")
                                ? "TrainingEpochLoop:on_advance_end"
                                : "EvaluationEpochLoop:advance")
                .orElse("FitLoop:on_advance_end");
    }

    private static Answers checkpoint(Fields state, Scenario resumed) {
        return StateScenario.flat(state)
                .to(TRAINING + POSITION, () -> goesOnAmid(resumed, "training_step"))
                .to(VALIDATION + POSITION, () -> goesOnAmid(resumed, "validation_step"));
    }

    /// {@return whether data is gone on with that was left in the midst of it}
    private static boolean goesOnAmid(Scenario resumed, String step) {
        return resumed.events().each(step, Place::batch).stream()
                .findFirst()
                .filter(batch -> batch > 0)
                .isPresent();
    }
}
