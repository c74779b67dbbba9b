package conformance.area;

import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.json.Json.Fields;
import conformance.kit.LogEvents;
import conformance.kit.ManualStep;
import conformance.kit.Optimizers;
import conformance.kit.Scenario;
import conformance.kit.TrainerFlags;
import java.nio.file.Path;
import java.util.List;

/// The scenarios in which hooks are recorded.
final class HookScenario {
    /// What is recorded when metrics of an epoch are logged.
    static final String LOGGED = "log_epoch_metrics";

    private static final Phrases<List<String>> FAILING =
            Phrases.<List<String>>of()
                    .say("boring", said -> List.of())
                    .say(
                            "raises in (\\w+(?: / \\w+)*)",
                            said -> List.of(said.group(1).split(" / ", -1)));

    private HookScenario() {}

    /// @param folder where a trainer with its default callbacks writes
    /// @param logs whether it is recorded when metrics are logged
    static Scenario of(Keys setup, Path folder, boolean logs) {
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
        var said = setup.textIfAny("manual_training_step").map(ManualStep::read);
        if (!setup.flag("automatic_optimization", true)) {
            scenario.script().automatic(false).loss(said.orElse(ManualStep.PLAIN)::run);
        }
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
}
