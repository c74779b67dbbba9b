package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.kit.Call;
import conformance.kit.Event;
import conformance.kit.HookNames;
import conformance.kit.HookRecord;
import conformance.kit.Scenario;
import conformance.kit.TrainerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import loops.core.training.RunView;

/// What hooks are called when a trainer is, once or several times.
final class HookCalls {
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

    private static final Phrases<String> RECORDED =
            Phrases.<String>of()
                    .say("optimizer\\.(\\w+)", said -> "optimizer_" + said.group(1))
                    .say("model\\.(\\w+)", said -> said.group(1));

    private HookCalls() {}

    static Answers made(Keys setup, Expectation expect, Path folder) {
        var scenario = HookScenario.of(setup, folder, expect.has("order"));
        var results = new ArrayList<Integer>();
        scenario.script().trainingEpochEnd((run, outputs) -> results.add(outputs.size()));
        var lacking = new ArrayList<String>();
        HookSaves.recordLacking(scenario, lacking);
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
                        .to(HookOrderArea.RETURNED, () -> HookRecord.returned(events, automatic))
                        .to(HookOrderArea.LACKING, () -> lacking)
                        .to(
                                "count",
                                () ->
                                        expect.has(HookOrderArea.RETURNED)
                                                ? HookRecord.returned(events, automatic).size()
                                                : HookRecord.entered(events).size())
                        .to(
                                HookOrderArea.ENTERED,
                                () ->
                                        ofData
                                                ? HookRecord.ofData(events)
                                                : HookRecord.entered(events))
                        .to(
                                "order",
                                () ->
                                        named(
                                                events,
                                                Set.of(HookScenario.LOGGED, "on_validation_end")))
                        .to(
                                "fit_loop_state",
                                () -> TrainerState.ofFit(scenario.trainer().slots().fit().get()))
                        .to("raised", () -> calls.stream().map(HookCalls::message).toList())
                        .to("on_exception_calls_after_each", () -> sums(calls))
                        .to("setup(stage)", () -> stages(calls))
                        .to("receivers", () -> receivers(calls))
                        .to("training_epoch_end.outputs_length", results::getLast);
        setup.textIfAny("record")
                .ifPresent(said -> answers.to("calls", () -> recorded(said, events)));
        modes.forEach((hook, seen) -> answers.to(hook, () -> String.join(", ", seen)));
        HookCounts.answer(expect, calls, answers);
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
        for (String name : HookCounts.callsOf(expect)) {
            if (wanted.stream().noneMatch(each -> each.name().equals(name))) {
                wanted.add(new Wanted(name, false));
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
}
