package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Whole;
import conformance.kit.Call;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.HookNames;
import conformance.kit.HookRecord;
import conformance.kit.LogEvents;
import conformance.kit.Optimizers;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.StateDict;
import conformance.kit.TrainerFlags;
import conformance.kit.TrainerState;
import conformance.kit.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import loops.api.LoopState;
import loops.core.Resume;
import loops.core.Status;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.Step;
import tensor.api.Tensor;

/// In which order hooks are called, with what, and how often.
final class HookOrderArea implements Area {
    private static final String RETURNED = "hooks as they return";
    private static final String ENTERED = "hooks as they are entered";
    private static final String LOGGED = "log_epoch_metrics";

    private static final Pattern CALLS_IN = Pattern.compile("(\\w+)_calls_in_(\\w+)");
    private static final Pattern ENDS_AFTER = Pattern.compile("eval_epoch_end_calls_after_(\\w+)");
    private static final Pattern EPOCHS = Pattern.compile("(\\w+)\\.set_epoch_args");
    private static final Pattern CALLS = Pattern.compile("(on_\\w+)_calls");

    /// A call that a case asks for.
    ///
    /// @param name what is called
    /// @param recordsData whether it is the data module that records
    private record Wanted(String name, boolean recordsData) {}

    private static final Phrases<Wanted> CALL =
            Phrases.<Wanted>of()
                    .say(
                            "trainer\\.(\\w+)\\(model(, datamodule=recording datamodule)?\\)",
                            said -> new Wanted(said.group(1), said.group(2) != null))
                    .say(
                            "trainer\\.(\\w+)(?:\\(\\)| with a fresh loader)",
                            said -> new Wanted(said.group(1), false));

    private static final Phrases<List<String>> FAILING =
            Phrases.<List<String>>of()
                    .say("boring", said -> List.of())
                    .say(
                            "raises in (\\w+(?: / \\w+)*)",
                            said -> List.of(said.group(1).split(" / ", -1)));

    private static final Phrases<LoopState.Fields> STATE =
            Phrases.<LoopState.Fields>of()
                    .say(
                            "one recording callback whose state is \\{(\\w+): (\\w+)\\}",
                            HookOrderArea::state)
                    .say(
                            "trainer\\.save_checkpoint with attached model \\+ datamodule"
                                    + " \\(datamodule\\.state_dict -> \\{(\\w+): (\\w+)\\}\\)",
                            HookOrderArea::state);

    private static final Phrases<String> RECORDED =
            Phrases.<String>of()
                    .say("optimizer\\.(\\w+)", said -> "optimizer_" + said.group(1))
                    .say("model\\.(\\w+)", said -> said.group(1));

    @Override
    public String name() {
        return "hook_order";
    }

    // ---- what is compared

    @Override
    public Fields compared(Fields expect) {
        var compared = expect;
        for (String part : List.of("on_save", "on_load")) {
            compared = compared.changed(part, HookOrderArea::sharedOfEach);
        }
        for (String part : List.of("loaded_checkpoint_keys", "saved_checkpoint_keys")) {
            compared = compared.changed(part, HookOrderArea::withoutVersion);
        }
        if (!(expect.get("hooks").orElse(null) instanceof Items(var hooks))) {
            return compared;
        }
        var shared = HookNames.of(new Items(hooks));
        boolean told = hooks.stream().allMatch(Fields.class::isInstance);
        int dropped = hooks.size() - shared.size();
        return compared.without("hooks")
                .with(told ? RETURNED : ENTERED, shared)
                .changed(
                        "count",
                        count -> count instanceof Whole(long n) ? new Whole(n - dropped) : count);
    }

    private static Json sharedOfEach(Json receivers) {
        if (!(receivers instanceof Fields fields)) {
            return receivers;
        }
        var shared = fields;
        for (String receiver : fields.entries().keySet()) {
            shared = shared.changed(receiver, hooks -> Json.of(HookNames.of(hooks)));
        }
        return shared;
    }

    private static Json withoutVersion(Json keys) {
        return keys instanceof Fields fields ? fields.without("pytorch-lightning_version") : keys;
    }

    // ---- scenarios

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        try (var workspace = Workspace.create()) {
            if (setup.has("run1")) {
                return resumed(setup, workspace.folder());
            }
            if (setup.has("sequence")) {
                return savedAndLoaded(setup, workspace.folder().resolve("saved.ckpt"));
            }
            return setup.has("fit")
                    ? thrownByCallbacks(setup)
                    : calls(setup, expect, workspace.folder());
        }
    }

    private static Scenario scenario(Keys setup, Path folder, boolean logs) {
        var flags =
                setup.fields("trainer", fields -> logs ? fields.without("fast_dev_run") : fields);
        flags.maybe("track_grad_norm"); // there is no hook for it
        var scenario = Scenario.of(flags);
        if (!setup.has("trainer")) {
            scenario.choose(config -> config.maxEpochs(1)); // nothing is asked that needs more
        }
        if (setup.has("model") || setup.has("call")) {
            scenario.choose(
                    config -> config.folder(folder)); // for the checkpoints of a default trainer
        } else {
            scenario.script().plan(Optimizers.read(setup));
        }
        setup.textIfAny("model")
                .map(FAILING::read)
                .orElse(List.of())
                .forEach(hook -> fails(scenario, hook));
        setup.maybe("limit_batches")
                .map(TrainerFlags::limit)
                .ifPresent(limit ->
                        scenario.choose(config ->
                                config.plan(plan -> plan.trainLimit(limit).validationLimit(limit))
                                        .testLimit(limit)
                                        .predictionLimit(limit)));
        setup.maybe("limit_predict_batches")
                .map(TrainerFlags::limit)
                .ifPresent(limit -> scenario.choose(config -> config.predictionLimit(limit)));
        scenario.script().automatic(setup.flag("automatic_optimization", true));
        setup.textIfAny("manual_training_step")
                .ifPresent(said -> scenario.script().loss(byHand(said)));
        if (logs) {
            logs(scenario, setup);
        }
        return scenario;
    }

    private static void fails(Scenario scenario, String hook) {
        String stage = hook.replaceAll("^on_|_start$", "");
        scenario.events()
                .on(
                        hook,
                        event -> {
                            throw new UserError("Exception", "Error during " + stage);
                        });
    }

    /// A trial has no loggers; what is logged in it is seen in a run of the same plan that is none.
    private static void logs(Scenario scenario, Keys setup) {
        var flags =
                setup.fields(
                        "trainer",
                        fields -> Fields.EMPTY.with("fast_dev_run", fields.get("fast_dev_run")));
        flags.wholeIfAny("fast_dev_run")
                .ifPresent(n ->
                        scenario.choose(config -> config.plan(plan -> plan.fastDevRun((int) n))));
        scenario.choose(config -> config.loggers(new LogEvents(LOGGED, scenario.events())));
        scenario.script()
                .validation((model, batch, step) -> step.log("x", model.loss(batch).item()));
    }

    private static Script.Loss byHand(String said) {
        var statements = new ArrayList<Consumer<Map.Entry<Step, Tensor>>>();
        for (String statement : said.split(";\\s*|\\n", -1)) {
            statements.add(STATEMENTS.read(statement.strip()));
        }
        return (model, batch, step) -> {
            var loss = model.loss(batch);
            statements.forEach(each -> each.accept(Map.entry(step, loss)));
            return loss;
        };
    }

    private static final Phrases<Consumer<Map.Entry<Step, Tensor>>> STATEMENTS =
            Phrases.<Consumer<Map.Entry<Step, Tensor>>>of()
                    .say("\\w+\\.zero_grad\\(\\)", said -> step -> step.getKey().zeroGrad(0))
                    .say("\\w+\\.step\\(\\)", said -> step -> step.getKey().optimizerStep(0))
                    .say(
                            "(?:self\\.)?(?:manual_)?backward\\(\\w+\\)",
                            said -> step -> step.getKey().backward(step.getValue()))
                    .say("(?:\\w+ = .*|return .*)?", said -> step -> {});

    // ---- calls of a trainer

    private static Answers calls(Keys setup, Expectation expect, Path folder) {
        var scenario = scenario(setup, folder, expect.has("order"));
        var results = new ArrayList<Integer>();
        scenario.script().trainingEpochEnd((run, outputs) -> results.add(outputs.size()));
        var modes = new LinkedHashMap<String, Set<String>>();
        for (String asked : expect.names()) {
            scenario.events()
                    .on(
                            asked,
                            event ->
                                    modes.computeIfAbsent(asked, none -> new LinkedHashSet<>())
                                            .add(mode(scenario)));
        }
        var wanted = wanted(setup, expect);
        var calls = wanted.stream().map(each -> Call.make(scenario, each.name())).toList();
        var events = List.copyOf(scenario.events().all());
        boolean automatic = scenario.model().automaticOptimization();
        boolean ofData = wanted.getFirst().recordsData();
        var answers =
                scenario.answers()
                        .to(RETURNED, () -> HookRecord.returned(events, automatic))
                        .to(
                                "count",
                                () ->
                                        expect.has(RETURNED)
                                                ? HookRecord.returned(events, automatic).size()
                                                : HookRecord.entered(events).size())
                        .to(
                                ENTERED,
                                () ->
                                        ofData
                                                ? HookRecord.ofData(events)
                                                : HookRecord.entered(events))
                        .to("order", () -> named(events, Set.of(LOGGED, "on_validation_end")))
                        .to(
                                "fit_loop_state",
                                () -> TrainerState.ofFit(scenario.trainer().slots().fit().get()))
                        .to("raised", () -> calls.stream().map(HookOrderArea::message).toList())
                        .to("on_exception_calls_after_each", () -> sums(calls))
                        .to("setup(stage)", () -> stages(calls))
                        .to("receivers", () -> receivers(calls))
                        .to("training_epoch_end.outputs_length", results::getLast);
        setup.textIfAny("record")
                .ifPresent(said -> answers.to("calls", () -> recorded(said, events)));
        modes.forEach((hook, seen) -> answers.to(hook, () -> String.join(", ", seen)));
        counts(expect, calls, answers);
        return answers;
    }

    /// {@return what is called: what the set-up says, and what is asked about}
    private static List<Wanted> wanted(Keys setup, Expectation expect) {
        var wanted = new ArrayList<Wanted>();
        setup.texts("calls").forEach(name -> wanted.add(new Wanted(name, false)));
        setup.textIfAny("call").map(CALL::read).ifPresent(wanted::add);
        if (wanted.isEmpty()) {
            wanted.add(new Wanted("fit", false));
        }
        setup.textIfAny("then").map(CALL::read).ifPresent(wanted::add);
        for (String asked : expect.names()) {
            var in = CALLS_IN.matcher(asked);
            if (in.matches()
                    && wanted.stream().noneMatch(each -> each.name().equals(in.group(2)))) {
                wanted.add(new Wanted(in.group(2), false));
            }
        }
        return wanted;
    }

    private static String mode(Scenario scenario) {
        return scenario.model().training() ? "training mode" : "eval mode";
    }

    private static List<String> named(List<Event> events, Set<String> names) {
        return events.stream()
                .filter(Event::entered)
                .map(Event::name)
                .filter(names::contains)
                .toList();
    }

    /// {@return the calls that a case has recorded as they are entered: `on ENTRY: optimizer.step, model.backward`}
    private static List<String> recorded(String said, List<Event> events) {
        var names = new LinkedHashMap<String, String>();
        String list =
                Phrases.<String>of().say("on ENTRY: (.+)", match -> match.group(1)).read(said);
        for (String each : list.split(", ", -1)) {
            names.put(RECORDED.read(each), each.substring(each.indexOf('.') + 1));
        }
        return named(events, names.keySet()).stream().map(names::get).toList();
    }

    private static Optional<String> message(Call call) {
        return call.thrown().map(Throwable::getMessage);
    }

    private static List<Integer> sums(List<Call> calls) {
        var sums = new ArrayList<Integer>();
        int sum = 0;
        for (Call call : calls) {
            sum += call.count("Callback.on_exception"::equals);
            sums.add(sum);
        }
        return sums;
    }

    private static Map<String, String> stages(List<Call> calls) {
        var stages = new LinkedHashMap<String, String>();
        for (Call call : calls) {
            var seen = new LinkedHashSet<String>();
            for (Event event : call.begun("setup"::equals)) {
                event.run().map(RunView::activity).map(HookNames::stage).ifPresent(seen::add);
            }
            stages.put(call.name(), String.join(", ", seen));
        }
        return stages;
    }

    /// {@return who hears of the set-up, in every call}
    private static Set<String> receivers(List<Call> calls) {
        var receivers = new LinkedHashSet<String>();
        for (Call call : calls) {
            call.begun(name -> name.matches("(?:Callback\\.)?setup"))
                    .forEach(event -> receivers.add(event.callback() ? "callback" : "model"));
        }
        return receivers;
    }

    private static void counts(Expectation expect, List<Call> calls, Answers answers) {
        for (String asked : expect.names()) {
            matching(
                    CALLS_IN,
                    asked,
                    in ->
                            answers.to(
                                    asked,
                                    () -> call(calls, in.group(2)).count(in.group(1)::equals)));
            matching(
                    ENDS_AFTER,
                    asked,
                    in -> answers.to(asked, () -> evaluations(calls, in.group(1))));
            matching(EPOCHS, asked, in -> answers.to(asked, () -> epochs(calls, in.group(1))));
            matching(
                    CALLS,
                    asked,
                    in ->
                            answers.to(
                                    asked,
                                    () ->
                                            calls.stream()
                                                    .mapToInt(
                                                            each -> each.count(in.group(1)::equals))
                                                    .sum()));
        }
    }

    private static void matching(Pattern pattern, String text, Consumer<MatchResult> found) {
        var matcher = pattern.matcher(text);
        if (matcher.matches()) {
            found.accept(matcher.toMatchResult());
        }
    }

    private static Call call(List<Call> calls, String name) {
        return calls.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotUnderstoodException("there is no call of " + name));
    }

    /// {@return how many evaluations had ended after a call}
    private static int evaluations(List<Call> calls, String last) {
        int until = calls.indexOf(call(calls, last)) + 1;
        return calls.subList(0, until).stream()
                .mapToInt(each ->
                        each.count(name -> name.matches("on_(?:validation|test)_epoch_end")))
                .sum();
    }

    /// {@return the epochs in which a source was gone through: that of a fit, or that of another call}
    private static List<Integer> epochs(List<Call> calls, String source) {
        return switch (source) {
            case "train", "val" -> call(calls, "fit").epochs(source + ".open");
            case "validate" -> call(calls, source).epochs("val.open");
            default -> call(calls, source).epochs(source + ".open");
        };
    }

    // ---- exceptions

    private static final Phrases<Map.Entry<String, String>> RAISES =
            Phrases.<Map.Entry<String, String>>of()
                    .say(
                            "callback raises (\\w+) in (\\w+)(?: during \\w+)?",
                            said -> Map.entry(said.group(1), said.group(2)));

    private static Answers thrownByCallbacks(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        List<Throwable> caught = new ArrayList<>();
        scenario.callback(
                new Callback() {
                    @Override
                    public String stateKey() {
                        return "caught";
                    }

                    @Override
                    public void onException(RunView run, Throwable thrown) {
                        caught.add(thrown);
                    }
                });
        var answers = new Answers();
        for (String name : setup.names()) {
            if (name.equals("trainer")) {
                continue;
            }
            String said = setup.text(name);
            var raises = RAISES.read(said);
            scenario.events()
                    .on(
                            Events.CALLBACK + raises.getValue(),
                            event -> raise(raises.getKey(), event));
            String called = name.equals("then") ? said.replaceFirst(".* during ", "") : name;
            var call = Call.make(scenario, called);
            boolean interrupted = scenario.trainer().status() == Status.INTERRUPTED;
            var last = caught.isEmpty() ? null : caught.getLast();
            answers.to(called + "_raises", () -> Observed.kind(call.thrown().orElse(null)))
                    .to(
                            "after_" + called,
                            () ->
                                    new Answers()
                                            .to("interrupted", () -> interrupted)
                                            .to(
                                                    "on_exception_received",
                                                    () -> Observed.kind(last)));
        }
        return answers;
    }

    private static void raise(String kind, Event event) {
        if (kind.equals("KeyboardInterrupt")) {
            event.run().orElseThrow().interrupt("a callback said so");
        } else {
            throw new UserError(kind, "a callback said so");
        }
    }

    // ---- saving and loading

    private static LoopState.Fields state(MatchResult said) {
        var empty = LoopState.Fields.empty();
        String value = said.group(2);
        return value.equals("true") || value.equals("false")
                ? empty.with(said.group(1), Boolean.parseBoolean(value))
                : empty.with(said.group(1), value);
    }

    /// Two trainers; the second goes on from the checkpoint of the first, and is recorded.
    private static Answers resumed(Keys setup, Path folder) {
        FAILING.read(setup.text("model"));
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
        second.fit(Resume.from(loaded.place()));
        var saved = newest(folder.resolve("run2"));
        var hooks = HookRecord.returned(second.events().all(), true);
        return second.answers()
                .to(RETURNED, () -> hooks)
                .to("count", hooks::size)
                .to("loaded_checkpoint_keys", () -> keys(loaded))
                .to("saved_checkpoint_keys", () -> keys(saved));
    }

    private static SavedRun newest(Path folder) {
        return SavedRun.below(folder.resolve("checkpoints")).getLast();
    }

    private static Answers keys(SavedRun saved) {
        long epoch = saved.epoch();
        long steps = saved.globalStep();
        return new Answers().to("epoch", () -> epoch).to("global_step", () -> steps);
    }

    private static Answers savedAndLoaded(Keys setup, Path place) {
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

    private static final Phrases<String> LOADS =
            Phrases.<String>of()
                    .say("(Model|DataModule)\\.load_from_checkpoint", said -> said.group(1));

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
