package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.kit.Call;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.HookRecord;
import conformance.kit.LackingHooks;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import conformance.kit.StateDict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import loops.api.LoopState;
import loops.core.Resume;

/// What is called when a run is saved, and when one goes on.
final class HookSaves {
    private static final Phrases<LoopState.Fields> STATE =
            Phrases.<LoopState.Fields>of()
                    .say(
                            "one recording callback whose state is \\{(\\w+): (\\w+)\\}",
                            HookSaves::state)
                    .say(
                            "trainer\\.save_checkpoint with attached model \\+ datamodule"
                                    + " \\(datamodule\\.state_dict -> \\{(\\w+): (\\w+)\\}\\)",
                            HookSaves::state);

    private static final Phrases<String> LOADS =
            Phrases.<String>of()
                    .say("(Model|DataModule)\\.load_from_checkpoint", said -> said.group(1));

    private HookSaves() {}

    private static LoopState.Fields state(MatchResult said) {
        var empty = LoopState.Fields.empty();
        String value = said.group(2);
        return value.equals("true") || value.equals("false")
                ? empty.with(said.group(1), Boolean.parseBoolean(value))
                : empty.with(said.group(1), value);
    }

    /// Two trainers; the second goes on from the checkpoint of the first, and is recorded.
    static Answers resumed(Keys setup, Path folder) {
        Scenario.requireBoring(setup.text("model"));
        var state = STATE.read(setup.text("callbacks"));
        var first = Scenario.of(setup.fields("run1"));
        var flags = setup.fields("run2");
        var second = Scenario.of(flags);
        String from =
                Phrases.<String>of()
                        .say("best of (\\w+)", said -> said.group(1))
                        .read(flags.text("ckpt_path"));
        first.callbackState(state);
        second.callbackState(state);
        first.choose(config -> config.folder(folder.resolve("run1")));
        second.choose(config -> config.folder(folder.resolve("run2")));
        first.fit();
        var loaded = newest(folder.resolve(from));
        var lacking = new ArrayList<>(LackingHooks.loading(loaded));
        recordLacking(second, lacking);
        second.fit(Resume.from(loaded.place()));
        var saved = newest(folder.resolve("run2"));
        var hooks = HookRecord.returned(second.events().all(), true);
        return second.answers()
                .to(HookOrderArea.RETURNED, () -> hooks)
                .to(HookOrderArea.LACKING, () -> lacking)
                .to("count", hooks::size)
                .to("loaded_checkpoint_keys", () -> keys(loaded))
                .to("saved_checkpoint_keys", () -> keys(saved));
    }

    /// Records what hooks that we have not would be told.
    static void recordLacking(Scenario scenario, List<String> lacking) {
        var events = scenario.events();
        events.onEach(event -> lacking.addAll(LackingHooks.handingOver(event)));
        events.on(
                Events.CALLBACK + "state_dict",
                event -> events.latestRun().map(LackingHooks::saving).ifPresent(lacking::addAll));
    }

    private static SavedRun newest(Path folder) {
        return SavedRun.below(folder.resolve("checkpoints")).getLast();
    }

    private static Answers keys(SavedRun saved) {
        long epoch = saved.epoch();
        long steps = saved.globalStep();
        return new Answers().to("epoch", () -> epoch).to("global_step", () -> steps);
    }

    static Answers savedAndLoaded(Keys setup, Path place) {
        var steps = setup.texts("sequence");
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.loaders().remember(STATE.read(steps.getFirst()));
        scenario.events()
                .on(
                        "on_train_start",
                        event -> {
                            event.run().orElseThrow().save(place, List.of());
                            event.run().orElseThrow().stop("only the start is wanted");
                        });
        var save = Call.make(scenario, "fit");
        var saved = SavedRun.at(place).orElseThrow();
        scenario.restart();
        var loads = new ArrayList<Call>();
        for (String step : steps.subList(1, steps.size())) {
            String whose = LOADS.read(step);
            loads.add(
                    Call.make(
                            scenario,
                            step,
                            () -> {
                                var from = Resume.from(place);
                                if (whose.equals("Model")) {
                                    scenario.trainer()
                                            .validate(scenario.model(), scenario.loaders(), from);
                                } else {
                                    scenario.fit(from);
                                }
                            }));
        }
        return new Answers()
                .to("on_save", () -> receivers(Stream.of(save), "state_dict|on_save_checkpoint"))
                .to(
                        "on_load",
                        () -> receivers(loads.stream(), "load_state_dict.*|on_load_checkpoint"))
                .to(
                        "checkpoint",
                        () ->
                                keys(saved)
                                        .to(
                                                "<datamodule class name>",
                                                () ->
                                                        StateDict.json(
                                                                saved.checkpoint()
                                                                        .state()
                                                                        .fields("data"))));
    }

    /// {@return what the model and the data module were asked for when a run was saved or loaded}
    private static Answers receivers(Stream<Call> calls, String hooks) {
        var names =
                calls.flatMap(call -> call.begun(name -> true).stream()).map(Event::name).toList();
        return new Answers()
                .to("model", () -> names.stream().filter(name -> name.matches(hooks)).toList())
                .to(
                        "datamodule",
                        () ->
                                names.stream()
                                        .filter(name -> name.startsWith("Data."))
                                        .map(name -> name.substring("Data.".length()))
                                        .filter(name -> name.matches(hooks))
                                        .toList());
    }
}
