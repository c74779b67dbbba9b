package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.kit.Callbacks;
import conformance.kit.CountedSource;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import loops.core.callback.Timer;
import loops.core.training.RunView;

/// When a training ends: limits of epochs and steps, minima, requests to stop, timers, empty data.
final class StoppingArea implements Area {
    @Override
    public String name() {
        return "stopping";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("fit_loop")) {
            return StopQuestions.steps(setup);
        }
        if (setup.has("num_training_batches")) {
            return StopQuestions.conditions(setup);
        }
        if (expect.has("constructor_raises")) {
            var flags = setup.fields("trainer");
            return Refused.answers(Refused.by(() -> Scenario.of(flags).trainer()));
        }
        if (expect.has("fit_loop.done_before_fit")) {
            return StopQuestions.beforeFit(setup);
        }
        return setup.has("clock") ? clock(setup) : run(setup);
    }

    private static Answers run(Keys setup) {
        var flags = setup.fields("trainer");
        var scenario = Scenario.of(flags);
        Callbacks.add(scenario, flags.items("callbacks"));
        Callbacks.add(scenario, setup.items("callbacks"));
        setup.textIfAny("model").ifPresent(Scenario::requireBoring);
        setup.textIfAny("on_train_batch_start").ifPresent(said -> endEpoch(scenario, said));
        setup.textIfAny("early_stopping").ifPresent(said -> stopAfter(scenario, said));
        setup.textIfAny("loss").ifPresent(said -> loss(scenario, said));
        setup.textIfAny("training_step").ifPresent(said -> step(scenario, said));
        setup.textIfAny("train_data").ifPresent(said -> data(scenario, said));
        setup.wholeIfAny("train_batches").ifPresent(n -> scenario.trainBatches(Math.toIntExact(n)));
        var steps = new ArrayList<Long>();
        var firstSeen = new AtomicReference<Object>(-1);
        scenario.events().on("training_step", event -> noticeStop(scenario, firstSeen));
        var calls = setup.has("calls") ? setup.texts("calls") : List.of("fit");
        for (String call : calls) {
            if (!call.equals("fit")) {
                throw new NotUnderstoodException("there is no call '" + call + "'");
            }
            scenario.fit();
            steps.add(scenario.globalStep());
        }
        var said = scenario.log().lines(Level.INFO);
        return scenario.answers()
                .to("global_step_after_each", () -> steps)
                .to("last_batch_idx", () -> lastBatch(scenario))
                .to("should_stop", () -> stop(scenario))
                .to("should_stop_visible_in_training_step_from_epoch", firstSeen::get)
                .to("trainer.max_epochs", () -> scenario.trainer().plan().maxEpochs())
                .to("trainer.max_steps", () -> scenario.trainer().plan().maxSteps())
                .to("info_message_count", said::size)
                .to(
                        "message_contains",
                        () -> Observed.said(said.isEmpty() ? null : said.getFirst()))
                .to(
                        "warning_contains",
                        () ->
                                Observed.said(
                                        scenario.log().lines(Level.WARNING).stream()
                                                .findFirst()
                                                .orElse(null)));
    }

    private static int lastBatch(Scenario scenario) {
        return scenario.events().each("on_train_batch_start", place -> place.batch()).getLast();
    }

    private static boolean stop(Scenario scenario) {
        return scenario.events()
                .latestRun()
                .map(run -> run.scope().stop().requested())
                .orElse(false);
    }

    private static void noticeStop(Scenario scenario, AtomicReference<Object> firstSeen) {
        if (stop(scenario)) {
            firstSeen.compareAndSet(-1, scenario.events().epoch());
        }
    }

    // ---- what is said in words

    private static void endEpoch(Scenario scenario, String said) {
        int at =
                Phrases.<Integer>of()
                        .say("returns -1 at batch_idx (\\d+)", m -> Integer.valueOf(m.group(1)))
                        .read(said);
        scenario.events()
                .on(
                        "on_train_batch_start",
                        event -> {
                            if (event.place().batch() == at) {
                                event.run().orElseThrow().endEpoch(said);
                            }
                        });
    }

    private static void stopAfter(Scenario scenario, String said) {
        String hook =
                Phrases.<String>of()
                        .say("evaluates to stop after every epoch", m -> "on_train_epoch_end")
                        .say("evaluates to stop after every batch", m -> "on_train_batch_end")
                        .read(said);
        scenario.events().on(hook, event -> event.run().orElseThrow().stop(said));
    }

    private static void loss(Scenario scenario, String said) {
        float value =
                Phrases.<Float>of()
                        .say("constant (-?\\d+(?:\\.\\d+)?)", m -> Float.valueOf(m.group(1)))
                        .read(said);
        scenario.script()
                .loss((model, batch, step) -> {
                    var loss = model.loss(batch).mul(0).add(value);
                    step.log("loss", loss);
                    return loss;
                });
    }

    private static void step(Scenario scenario, String said) {
        Phrases.<Boolean>of().say("sets should_stop = true", m -> true).read(said);
        scenario.events()
                .on(
                        "training_step",
                        event ->
                                scenario.events()
                                        .latestRun()
                                        .ifPresent(run -> run.stop("trainingStep said so")));
    }

    private static void data(Scenario scenario, String said) {
        Phrases.<Runnable>of()
                .say("iterable that never yields", m -> () -> train(scenario, 0, 0))
                .say(
                        "iterable; epoch 0 yields (\\d+) samples, later epochs none; batch size (\\d+)",
                        m ->
                                () -> {
                                    int samples = Integer.parseInt(m.group(1));
                                    int size = Integer.parseInt(m.group(2));
                                    train(scenario, (samples + size - 1) / size, 0);
                                })
                .read(said)
                .run();
    }

    private static void train(Scenario scenario, int first, int later) {
        scenario.loaders()
                .train(
                        new CountedSource(
                                        "train",
                                        epoch -> epoch == 0 ? first : later,
                                        true,
                                        CountedSource.batch("train", 1),
                                        scenario.events())
                                .unsized());
    }

    // ---- the clock of a timer

    private static Answers clock(Keys setup) {
        var now = new AtomicReference<>(Instant.EPOCH);
        InstantSource source = now::get;
        var scenario = Scenario.of(setup.fields("trainer"));
        var timer = Callbacks.timer(setup.items("callbacks")).clock(source);
        scenario.choose(config -> config.fastDevRun(1));
        scenario.fit();
        var run = scenario.events().latestRun().orElseThrow();
        var answers = new Answers();
        for (String moment : setup.texts("clock")) {
            moments(now, timer, run, answers).read(moment).run();
        }
        return answers;
    }

    private static Phrases<Runnable> moments(
            AtomicReference<Instant> now, Timer timer, RunView run, Answers answers) {
        return Phrases.<Runnable>of()
                .say(
                        "before start \\+(\\d+) s",
                        m ->
                                () -> {
                                    later(now, m.group(1));
                                    answer(answers, "before_start", timer);
                                })
                .say("on_train_start at t0", m -> () -> timer.onTrainStart(run))
                .say(
                        "t0 \\+ (\\d+) s",
                        m ->
                                () -> {
                                    later(now, m.group(1));
                                    answer(answers, "after_%ss".formatted(m.group(1)), timer);
                                });
    }

    private static void later(AtomicReference<Instant> now, String seconds) {
        now.updateAndGet(time -> time.plusSeconds(Long.parseLong(seconds)));
    }

    private static void answer(Answers answers, String name, Timer timer) {
        Optional<Long> start = timer.startMillis();
        long remaining = timer.remaining().toSeconds();
        long elapsed = timer.elapsed().toSeconds();
        answers.to(
                name,
                () ->
                        new Answers()
                                .to("start_time", () -> start)
                                .to("remaining", () -> remaining)
                                .to("elapsed", () -> elapsed));
    }
}
