package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.json.Json.Fields;
import conformance.kit.Event;
import conformance.kit.Event.Place;
import conformance.kit.SavedRun;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.TrainerState;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import loops.api.LoopState;
import loops.core.Resume;

/// A fit that saves several times, and from each of its checkpoints one that goes on.
///
/// @param first the fit that saves
/// @param resumed the others, by what each went on from
record EverySave(Scenario first, SequencedMap<SavedRun, Scenario> resumed) {
    private static final Phrases<Fields> AGAIN =
            Phrases.<Fields>of()
                    .say("resume from every file with a new trainer", said -> Fields.EMPTY)
                    .say(
                            "for each file: Trainer\\(max_epochs=(\\d+)\\)\\.fit\\(ckpt_path=file\\)",
                            said ->
                                    Fields.EMPTY.with(
                                            "max_epochs", Integer.parseInt(said.group(1))));

    /// @param setup says what is done with the files
    /// @param flags the flags of the trainers
    /// @param saving says which files there are
    static EverySave of(Keys setup, Keys flags, Keys saving, Path folder) {
        var again = new Keys("then", AGAIN.read(setup.text("then")));
        var first = saving(Scenario.of(flags), saving, folder.resolve("first"));
        first.fit();
        SequencedMap<SavedRun, Scenario> resumed = new LinkedHashMap<>();
        for (SavedRun saved : SavedRun.below(folder.resolve("first"))) {
            var other = Scenario.of(flags);
            again.wholeIfAny("max_epochs")
                    .ifPresent(epochs ->
                            other.choose(config -> config.maxEpochs(Math.toIntExact(epochs))));
            saving(other, saving, folder.resolve("from " + name(saved)));
            other.fit(Resume.from(saved.place()));
            resumed.put(saved, other);
        }
        return new EverySave(first, resumed);
    }

    private static Scenario saving(Scenario scenario, Keys arguments, Path folder) {
        var saving = Saving.read(arguments, Optional.empty(), InstantSource.system());
        scenario.callback(saving.in(folder));
        scenario.callbackState(LoopState.Fields.of("seen", new LoopState.Flag(true)));
        return scenario;
    }

    Answers answers() {
        return new Answers()
                .to("files", () -> resumed.keySet().stream().map(EverySave::name).toList())
                .to("resumed", () -> resumed(EverySave::goneOn))
                .to(
                        "run1",
                        () ->
                                new Answers()
                                        .to(
                                                "epoch_ends",
                                                () -> first.events().count("on_train_epoch_end"))
                                        .to("files", resumed::size))
                .to("each_resume", this::inWords);
    }

    private Answers resumed(BiFunction<SavedRun, Scenario, Answers> what) {
        var answers = new Answers();
        for (Map.Entry<SavedRun, Scenario> each : resumed.entrySet()) {
            answers.to(name(each.getKey()), () -> what.apply(each.getKey(), each.getValue()));
        }
        return answers;
    }

    private static Answers goneOn(SavedRun saved, Scenario scenario) {
        var state = TrainerState.ofFit(scenario.trainer().slots().fit().get(), saved.fitLoop());
        return scenario.answers()
                .to("ckpt_epoch", saved::epoch)
                .to("ckpt_global_step", saved::globalStep)
                .to("seen", () -> scenario.events().each("training_step", EverySave::step))
                .to("batch_progress", () -> state.get("epoch_loop.batch_progress").orElseThrow())
                .to("epoch_progress", () -> state.get("epoch_progress").orElseThrow());
    }

    private static List<Number> step(Place place) {
        return List.of(place.epoch(), place.batch(), place.globalStep());
    }

    /// What holds of every fit that goes on.
    private String inWords() {
        boolean added = true;
        boolean once = true;
        for (Map.Entry<SavedRun, Scenario> each : resumed.entrySet()) {
            var scenario = each.getValue();
            long made = scenario.events().count("training_step");
            added &= each.getKey().globalStep() + made == scenario.globalStep();
            once &= scenario.events().begun().filter(EverySave::loads).count() == 1;
        }
        return "checkpoint.global_step + batches seen %s global_step; on_load_checkpoint called %s"
                .formatted(added ? "==" : "!=", once ? "once" : "other than once");
    }

    private static boolean loads(Event event) {
        return event.callback() && event.name().contains("load_state_dict");
    }

    private static String name(SavedRun saved) {
        return saved.place().getFileName().toString();
    }
}
