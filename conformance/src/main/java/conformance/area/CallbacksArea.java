package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.Call;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.KeyedCallback;
import conformance.kit.ModelCallback;
import conformance.kit.SavedRun;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.StateDict;
import conformance.kit.Workspace;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import loops.api.LoopState;
import loops.core.callback.EarlyStopping;
import loops.core.callback.GradientAccumulationScheduler;
import loops.core.callback.LearningRateMonitor;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ModelSummary;
import loops.core.callback.ProgressBar;
import loops.core.training.Callback;
import loops.core.training.Hooks;

/// In which order callbacks are called, what is saved of them, and what becomes of those of a model.
final class CallbacksArea implements Area {
    private static final String MODEL = "model.configure_callbacks";

    @Override
    public String name() {
        return "callbacks";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has(MODEL)) {
            return ofTheModel(setup);
        }
        try (var workspace = Workspace.create()) {
            return setup.has("given")
                    ? orders(setup, workspace.folder())
                    : saved(setup, workspace.folder());
        }
    }

    // ---- the order

    /// What accumulates gradients by a schedule stands in every trainer of the original, and here where it is given: it is
    /// given last.
    private static Answers orders(Keys setup, Path folder) {
        var both = setup.fields("with_model_callbacks");
        var order = order(setup.texts("given"), List.of(), folder);
        var orderOfBoth = order(both.texts("trainer"), both.texts(MODEL), folder);
        return new Answers()
                .to("order", () -> order)
                .to("order_with_model_callbacks", () -> orderOfBoth);
    }

    private static List<String> order(List<String> given, List<String> ofModel, Path folder) {
        IdentityHashMap<Callback, String> names = new IdentityHashMap<>();
        var scenario = Scenario.plain();
        for (String name : given) {
            scenario.callback(named(name, folder, names));
        }
        scenario.callback(named("accumulation_scheduler", folder, names));
        scenario.script()
                .callbacks(ofModel.stream().map(name -> named(name, folder, names)).toList());
        var hooks = new Hooks(scenario.trainer().callbacks(), scenario.model());
        return hooks.withThoseOfTheModule().callbacks().stream()
                .filter(names::containsKey)
                .map(callback -> Objects.requireNonNull(names.get(callback)))
                .toList();
    }

    private static Callback named(
            String name, Path folder, IdentityHashMap<Callback, String> names) {
        var callback =
                Phrases.<Callback>of()
                        .say(
                                "checkpoint\\d*|ModelCheckpoint",
                                said ->
                                        ModelCheckpoint.of(
                                                folder.resolve(name),
                                                config -> config.monitor(name, Mode.MIN)))
                        .say(
                                "progress_bar",
                                said ->
                                        new ProgressBar(
                                                new PrintWriter(Writer.nullWriter()), false))
                        .say("lr_monitor", said -> LearningRateMonitor.of())
                        .say(
                                "model_summary",
                                said -> ModelSummary.of(new PrintWriter(Writer.nullWriter())))
                        .say("early_stopping", said -> EarlyStopping.of("foo", Mode.MIN))
                        .say(
                                "accumulation_scheduler",
                                said -> GradientAccumulationScheduler.of(Map.of(0, 1)))
                        .read(name);
        names.put(callback, name);
        return callback;
    }

    // ---- what is saved

    private static Answers saved(Keys setup, Path folder) {
        var scenario = Scenario.of(setup.fields("trainer"));
        var savers = new ArrayList<ModelCheckpoint>();
        for (String said : setup.texts("callbacks")) {
            scenario.callback(
                    Phrases.<Callback>of()
                            .say(
                                    "ModelCheckpoint\\(filename=(\\w+)\\)",
                                    name -> {
                                        savers.add(
                                                ModelCheckpoint.of(
                                                        folder,
                                                        config -> config.fileName(name.group(1))));
                                        return savers.getLast();
                                    })
                            .say("StatefulCallback.*", name -> KeyedCallback.read(said))
                            .read(said));
        }
        scenario.fit();
        var checkpoint = SavedRun.below(folder).getLast().checkpoint();
        Map<String, Json> others = new LinkedHashMap<>();
        var keys = new ArrayList<String>();
        for (var each : checkpoint.state().fields("callbacks").entries().entrySet()) {
            var saver =
                    savers.stream().filter(one -> one.stateKey().equals(each.getKey())).findFirst();
            if (saver.isPresent()) {
                keys.add(Saving.stateKey(saver.get()));
            } else {
                others.put(each.getKey(), StateDict.json((LoopState.Fields) each.getValue()));
            }
        }
        return new Answers()
                .to("checkpoint.callbacks", () -> others)
                .to("also_has", () -> keys.size() == 1 ? keys.getFirst() : keys);
    }

    // ---- those of a model

    /// The callback that every scenario has is the trainer's own.
    private static Answers ofTheModel(Keys setup) {
        String name = one(setup, MODEL);
        String own = setup.has("trainer_callbacks") ? one(setup, "trainer_callbacks") : "";
        var scenario = Scenario.plain();
        scenario.choose(config -> config.fastDevRun(1));
        var added = new ModelCallback(scenario.events(), name);
        scenario.script().callbacks(List.of(added));
        boolean before = scenario.trainer().callbacks().contains(added);
        var listeners = new ArrayList<List<String>>();
        boolean alike = true;
        for (String call : setup.texts("calls")) {
            var heard = Call.make(scenario, call).begun(event -> true);
            var first = heard(heard, Events.CALLBACK);
            alike &= !first.isEmpty() && first.equals(heard(heard, name + "."));
            listeners.add(order(heard, name));
        }
        boolean last = listeners.stream().allMatch(List.of(Events.CALLBACK, name + ".")::equals);
        boolean same = alike;
        return new Answers()
                .to(
                        "before",
                        () ->
                                before
                                        ? name + " in trainer.callbacks"
                                        : name + " not in trainer.callbacks")
                .to(
                        "after",
                        () ->
                                last && same
                                        ? "%s is the last callback and got the same calls as %s"
                                                .formatted(name, own)
                                        : listeners)
                .to(
                        "callbacks",
                        () ->
                                last
                                        ? "initial + [%s] after fit and unchanged afterwards"
                                                .formatted(name)
                                        : listeners);
    }

    private static String one(Keys setup, String key) {
        var names = setup.isList(key) ? setup.texts(key) : List.of(setup.text(key));
        if (names.size() != 1) {
            throw new NotUnderstoodException("%s are not one callback".formatted(names));
        }
        return names.getFirst();
    }

    private static List<String> heard(List<Event> events, String listener) {
        return events.stream()
                .filter(event -> event.run().isPresent() && event.name().startsWith(listener))
                .map(event -> event.name().substring(listener.length()) + event.place())
                .toList();
    }

    /// {@return the callbacks in the order in which one hook of a run was called}
    private static List<String> order(List<Event> events, String name) {
        return events.stream()
                .filter(event -> event.name().matches(".+\\.setup"))
                .filter(event -> event.run().isPresent())
                .map(event -> event.name().replaceFirst("setup$", ""))
                .filter(listener -> listener.equals(Events.CALLBACK) || listener.equals(name + "."))
                .toList();
    }
}
