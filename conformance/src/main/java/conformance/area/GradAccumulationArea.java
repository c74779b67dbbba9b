package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.AccumulationWatch;
import conformance.kit.Callbacks;
import conformance.kit.Loaders;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.TrainerFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import loops.core.training.Accumulation;
import loops.core.training.OptimizerPlan;
import tensor.optim.Lbfgs;

/// Several batches for one step of an optimizer.
final class GradAccumulationArea implements Area {
    @Override
    public String name() {
        return "grad_accumulation";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("scheduling")) {
            return Refused.all(
                    setup.items("scheduling").stream()
                            .map(each ->
                                    Refused.by(() ->
                                            Accumulation.schedule(
                                                    TrainerFlags.factors(fields(each)))))
                            .toList());
        }
        if (expect.has("constructor_raises")) {
            return made(setup);
        }
        if (expect.has("estimated_stepping_batches") || expect.has("property_raises")) {
            return estimated(setup);
        }
        if (setup.has("table")) {
            return invariants(setup);
        }
        return setup.has("runs") ? backwards(setup) : run(setup);
    }

    private static Scenario scenario(Keys setup, Keys flags) {
        var scenario = Scenario.of(flags);
        Callbacks.add(scenario, flags.items("callbacks"));
        Callbacks.add(scenario, setup.items("callbacks"));
        setup.wholeIfAny("loader_length")
                .ifPresent(n -> scenario.loaders().all(Math.toIntExact(n)));
        flags.textIfAny("train_data")
                .ifPresent(said -> {
                    Phrases.<Boolean>of().say("iterable", match -> true).read(said);
                    scenario.loaders()
                            .train(scenario.loaders().source("train", Loaders.LENGTH).unsized());
                });
        return scenario;
    }

    // ---- one run

    private static Answers run(Keys setup) {
        var scenario = scenario(setup, setup.fields("trainer"));
        scenario.fit();
        return scenario.answers()
                .to("zero_grad_calls", () -> scenario.events().count("optimizer_zero_grad"))
                .to("zero_grad_calls_per_epoch", () -> perEpoch(scenario))
                .to(
                        "initial_accumulate_grad_batches",
                        () -> scenario.trainer().plan().accumulation().factor(0))
                .to("accumulation_factors", () -> factors(scenario));
    }

    private static List<Integer> perEpoch(Scenario scenario) {
        return IntStream.range(0, Math.toIntExact(scenario.currentEpoch()))
                .mapToObj(epoch ->
                        scenario.events()
                                .count("optimizer_zero_grad", place -> place.epoch() == epoch))
                .toList();
    }

    private static Map<Integer, Integer> factors(Scenario scenario) {
        return scenario.trainer().plan().accumulation().factors();
    }

    private static Answers made(Keys setup) {
        var scenario = scenario(setup, setup.fields("trainer"));
        var thrown = Refused.by(scenario::trainer);
        return Refused.answers(thrown).to("accumulation_factors", () -> factors(scenario));
    }

    // ---- the steps of a whole fit

    private static Answers estimated(Keys setup) {
        var scenario = scenario(setup, setup.fields("trainer"));
        var estimate = new AtomicReference<Optional<OptionalLong>>(Optional.empty());
        scenario.events()
                .on(
                        "on_train_start",
                        event -> {
                            var run = event.run().orElseThrow();
                            run.stop("only the start is wanted");
                            estimate.set(Optional.of(run.estimatedSteps()));
                        });
        var thrown = Refused.by(scenario::fit);
        return Refused.answers(thrown)
                .to("property_raises", () -> Observed.kind(thrown.orElse(null)))
                .to("estimated_stepping_batches", () -> number(estimate.get().orElseThrow()));
    }

    private static Object number(OptionalLong steps) {
        return steps.isPresent() ? (Object) steps.getAsLong() : Double.POSITIVE_INFINITY;
    }

    // ---- several runs

    /// What holds in every batch of every run.
    private static Answers invariants(Keys setup) {
        var watch = new AccumulationWatch();
        for (Keys row : setup.rows("table")) {
            row.names().forEach(row::json);
        }
        for (Json row : setup.items("table")) {
            var flags = setup.fields("trainer", common -> over(common, fields(row)));
            var scenario = scenario(setup, flags);
            watch.watch(scenario);
            scenario.fit();
        }
        return new Answers().to("invariant", watch::statements);
    }

    private static Fields over(Fields common, Fields own) {
        var flags = common;
        for (var flag : own.entries().entrySet()) {
            flags = flags.with(flag.getKey(), flag.getValue());
        }
        return flags;
    }

    private static Answers backwards(Keys setup) {
        var kind = setup.textIfAny("optimizer");
        var counts = new ArrayList<Object>();
        var thrown = new ArrayList<Observed>();
        for (Keys flags : setup.rows("runs")) {
            var scenario = scenario(setup, flags);
            kind.ifPresent(name -> optimizer(scenario.script(), name));
            var refusal = Refused.by(scenario::fit);
            counts.add(scenario.events().count("backward"));
            thrown.add(Observed.kind(refusal.orElse(null)));
        }
        return new Answers().to("backward_calls", () -> counts).to("run_raises", () -> thrown);
    }

    /// An optimizer that needs a closure; the original's backward pass was a stub, so that it called it once a step.
    private static void optimizer(Script script, String name) {
        if (!name.equals("LBFGS")) {
            throw new NotUnderstoodException("there is no optimizer '" + name + "'");
        }
        script.plan(model ->
                OptimizerPlan.of(
                        Lbfgs.of(
                                model.parameters(),
                                Script.LEARNING_RATE,
                                config -> config.maxIterations(1))));
    }

    private static Fields fields(Json json) {
        if (json instanceof Fields fields) {
            return fields;
        }
        throw new NotUnderstoodException(json + " is no object");
    }
}
