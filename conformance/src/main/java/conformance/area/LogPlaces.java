package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.HookNames;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import loops.api.LoopState;
import loops.core.training.Limit;
import loops.core.training.RunView;

/// In which places of a run something may be logged, and as what if nothing is said of it.
///
/// A value is logged in every hook and step of a fit that ends and one that fails, of a validation, a test and a
/// prediction. What order the places have is not asked.
final class LogPlaces {
    private static final String REFUSED = "error_in_hooks";
    private static final String OF_STEPS = "on_step=true,on_epoch=false";
    private static final String OF_EPOCHS = "on_step=false,on_epoch=true";

    /// What is a hook of the original's module and here a method without anything to log by: of the module when it is asked
    /// for something, of the data, or of a loop.
    private static final Pattern NO_HOOK =
            Pattern.compile(
                    "prepare_data|configure_(?:callbacks|optimizers|gradient_clipping)"
                            + "|(?:train|val|test|predict)_dataloader"
                            + "|backward|optimizer_(?:step|zero_grad)|lr_scheduler_step");

    private LogPlaces() {}

    // ---- what is compared

    /// {@return what is expected of the places that are hooks here too, sorted}
    ///
    /// @param expect what a case expects
    static Fields compared(Fields expect) {
        var compared = expect;
        for (String question : List.of(REFUSED, OF_STEPS, OF_EPOCHS)) {
            compared =
                    compared.changed(
                            question,
                            hooks -> hooks instanceof Items(var all) ? places(all) : hooks);
        }
        return compared;
    }

    private static Json places(List<Json> hooks) {
        return Json.of(
                hooks.stream()
                        .map(hook -> hook instanceof Text(String name) ? name : hook.toString())
                        .filter(LogPlaces::isPlace)
                        .sorted()
                        .toList());
    }

    private static boolean isPlace(String name) {
        return HookNames.shared(name) && !NO_HOOK.matcher(name).matches();
    }

    // ---- what is seen

    /// What came of logging in one place.
    private record Try(Optional<Throwable> refused, boolean onStep, boolean onEpoch) {}

    static Answers answers(Keys setup) {
        Phrases.<Boolean>of()
                .say("call self\\.log in every hook", said -> true)
                .say("self\\.log\\(key, 1\\) without on_step/on_epoch", said -> true)
                .read(setup.text("action"));
        var tries = new TreeMap<String, Try>();
        logEverywhere(tries).fit();
        logEverywhere(tries).validate();
        logEverywhere(tries).test();
        logEverywhere(tries).predict();
        var fails = logEverywhere(tries);
        fails.events()
                .on(
                        "training_step",
                        step -> {
                            throw new UserError("CustomException", "thrown in a training step");
                        });
        Refused.by(fails::fit);
        var refusals =
                tries.values().stream().map(Try::refused).filter(Optional::isPresent).toList();
        var predictions =
                tries.entrySet().stream()
                        .filter(each -> each.getKey().contains("predict"))
                        .map(each -> each.getValue().refused())
                        .toList();
        return Refused.all(refusals)
                .to(REFUSED, () -> named(tries, each -> each.refused().isPresent()))
                .to(OF_STEPS, () -> named(tries, each -> each.onStep() && !each.onEpoch()))
                .to(OF_EPOCHS, () -> named(tries, each -> each.onEpoch() && !each.onStep()))
                .to(
                        "predict_hooks",
                        () ->
                                predictions.stream().allMatch(Optional::isPresent)
                                        ? Observed.message(predictions.getFirst().orElse(null))
                                        : Observed.message(null));
    }

    private static List<String> named(Map<String, Try> tries, Predicate<Try> what) {
        return tries.entrySet().stream()
                .filter(each -> what.test(each.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> !name.contains("predict"))
                .toList();
    }

    private static Scenario logEverywhere(SequencedMap<String, Try> tries) {
        var scenario = Scenario.plain();
        scenario.choose(config ->
                config.maxEpochs(1)
                        .plan(plan ->
                                plan.trainLimit(Limit.batches(2))
                                        .validationLimit(Limit.batches(2))));
        var events = scenario.events();
        events.onEach(event -> {
            String name = event.name().replace(Events.CALLBACK, "");
            if ((event.run().isPresent() || event.step().isPresent()) && isPlace(name)) {
                var run = event.run().or(events::latestRun).orElseThrow();
                tries.put(name, log(event, name, run));
            }
        });
        return scenario;
    }

    private static Try log(Event event, String name, RunView run) {
        try {
            if (event.step().isPresent()) {
                event.step().get().log(name, 1);
            } else {
                run.log(name, 1);
            }
        } catch (RuntimeException e) {
            return new Try(Optional.of(e), false, false);
        }
        for (String store : List.of("training", "evaluation")) {
            for (LoopState each : run.metrics().stateDict().fields(store).items("values")) {
                var metric = (LoopState.Fields) each;
                if (metric.text("name").equals(name)) {
                    var as = metric.fields("as");
                    return new Try(Optional.empty(), as.flag("on_step"), as.flag("on_epoch"));
                }
            }
        }
        throw new IllegalStateException(name + " is logged and cannot be found");
    }
}
