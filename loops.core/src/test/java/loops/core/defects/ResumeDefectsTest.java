package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.DataModule;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Hooks;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Sample;
import tensor.data.Sampler;

/// What the original does wrong when a saved run goes on.
class ResumeDefectsTest {
    @TempDir private Path folder;

    /// F4: with a limit of steps the original takes every run for a resumed one, even if it is told otherwise. Here a
    /// loop is restarting if the loaded state says that it was in the middle of a run, whatever the limits; told otherwise,
    /// it starts anew.
    @Test
    void f04WhetherARunIsResumedComesFromTheLoadedStateAlone() {
        var fit =
                TracedFit.of(
                                Line::scheduled,
                                () -> DataModule.of(Slope.points(4, 2), Slope.points(2, 2)),
                                plan -> plan.maxEpochs(-1).maxSteps(4))
                        .trace(EpochHooks::new);
        var states = new ArrayList<Fields>();
        var first = fit.make();
        var unused = first.tree().stateDict();
        first.tree().run(first.input(), point -> states.add(point.state()));
        assertEquals(List.of(), restarting(first.tree()));

        String twoEpochs = "( T0 Z B S T1 Z B S E V0 ) P ( T0 Z B S T1 Z B S E V0 ) P";
        for (Fields state : states) {
            var run = fit.make();
            run.tree().loadStateDict(state);
            assertEquals(open("", state), restarting(run.tree()));

            run.tree().loadStateDict(unused);
            assertEquals(List.of(), restarting(run.tree()));
            assertEquals(4, run.run().globalStep());
            assertEquals(twoEpochs, run.trace().text());
        }
        assertEquals(twoEpochs, fit.traceWhereverItIsCut());
    }

    /// Writes down where epochs begin and end.
    private static final class EpochHooks extends Trace {
        @Override
        public void onTrainEpochStart(RunView run) {
            add("(");
        }

        @Override
        public void onTrainEpochEnd(RunView run) {
            add(")");
        }
    }

    /// {@return the paths of the loops that say that they are restarting}
    private static List<String> restarting(Loop<?, ?> loop) {
        var below = loop.slots().stream().flatMap(slot -> restarting(slot.get()).stream());
        return Stream.concat(loop.restarting() ? Stream.of(loop.path()) : Stream.empty(), below)
                .toList();
    }

    /// {@return the paths of the loops that are in the middle of a run}
    private static List<String> open(String path, Fields state) {
        var open = new ArrayList<String>();
        if (state.has("run")) {
            open.add(path);
        }
        state.entries()
                .forEach((name, value) -> {
                    if (value instanceof Fields fields && !name.equals("run")) {
                        open.addAll(open(path.isEmpty() ? name : path + "." + name, fields));
                    }
                });
        return open;
    }

    /// F9: a checkpoint that the original writes at the end of a batch counts that batch as not completed, so it is
    /// trained on twice and the steps drift. Here it is written after the batch, which is then behind the run.
    @Test
    void f09ACheckpointAskedForAtTheEndOfABatchLeavesThatBatchBehind() {
        for (int index = 0; index < 4; index++) {
            var uncut = new Line();
            var ended = fitSaving(index, uncut, new Trace(), Resume.never());
            var trace = new Trace();
            var resumed = new Line();

            var result = fitSaving(index, resumed, trace, Resume.latest(saved(index)));

            assertEquals("T0 Z B S T1 Z B S T2 Z B S T3 Z B S", trace.text());
            assertEquals(4, result.globalStep());
            assertEquals(ended, result);
            assertEquals(uncut.values(), resumed.values());
        }
    }

    private Path saved(int index) {
        return folder.resolve("after batch " + index);
    }

    private FitResult fitSaving(int index, Line module, Trace trace, Resume resume) {
        var saver =
                new loops.core.training.Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int batchIndex) {
                        if (batchIndex == index) {
                            run.save(saved(index));
                        }
                    }
                };
        return fit(
                config -> config.maxEpochs(1).callbacks(saver, trace),
                module,
                DataModule.of(Slope.points(8, 2)),
                trace,
                resume);
    }

    private static FitResult fit(
            Consumer<TrainerConfig> config,
            Line module,
            DataModule data,
            Trace trace,
            Resume resume) {
        var trainer = Trainer.of(config);
        trainer.slots().fit().connect(trace.tree());
        return trainer.fit(module, data, resume);
    }

    /// F10: the original restores its counters and not the place in the data, so a resumed epoch begins with samples that
    /// it has had. Here it goes on with the very next ones, with several optimizers, accumulation and a limit too.
    @Test
    void f10AResumedEpochGoesOnWithTheSamplesThatItHasNotHad() {
        var fit =
                TracedFit.of(
                                Line::ofTwo,
                                () -> DataModule.of(Points.load(10, config -> config.batchSize(2))),
                                plan ->
                                        plan.maxEpochs(2)
                                                .accumulate(3)
                                                .trainLimit(Limit.batches(4)))
                        .trace(SampleTrace::new)
                        .tree(trace -> new Trace().tree());

        assertEquals(
                "[0, 1] [2, 3] [4, 5] [6, 7] [0, 1] [2, 3] [4, 5] [6, 7]",
                fit.traceWhereverItIsCut());
    }

    /// F27: the original can only go on in data that is read in order, and patches all loaders of the process. Here the
    /// order is a function of key and epoch: shuffled, drawn and transformed data goes on as well, and a source is asked
    /// as it is.
    @Test
    void f27ShuffledDataGoesOnExactlyAndSourcesStayAsTheyAre() {
        var orders = new HashSet<String>();
        for (Consumer<DataLoader.Config<Sample>> order : orders()) {
            var fit = fit(order);

            orders.add(fit.traceWhereverItIsCut());
        }
        assertEquals(3, orders.size());

        var shuffled = fit(orders().getFirst()).ended().trace().text();
        var epochs = shuffled.replaceAll("[\\[\\],]", "").split(" ");
        assertEquals(8, Stream.of(epochs).limit(8).distinct().count());
        assertNotEquals(Stream.of(epochs).limit(8).toList(), Stream.of(epochs).skip(8).toList());

        BatchSource source = Points.load(4, config -> config.batchSize(2));
        var run = TracedFit.of(Line::new, () -> DataModule.of(source), plan -> plan.maxEpochs(1));
        assertSame(source, run.ended().input().sources().train());
    }

    private static List<Consumer<DataLoader.Config<Sample>>> orders() {
        var key = RandomKey.of(7);
        return List.of(
                config -> config.shuffle(key),
                config -> config.shuffle(key).workers(2).prefetch(2),
                config -> config.sampler(Sampler.of(3, 3, 0, 7, 3, 1, 5, 5)),
                config ->
                        config.transform(
                                key,
                                (sample, own) ->
                                        Sample.of(
                                                sample.get("input")
                                                        .add(
                                                                (double)
                                                                        Math.round(
                                                                                8
                                                                                        * own
                                                                                                .uniform(
                                                                                                        0))),
                                                sample.get("target"))));
    }

    private static TracedFit fit(Consumer<DataLoader.Config<Sample>> order) {
        return TracedFit.of(
                        Line::new,
                        () ->
                                DataModule.of(
                                        Points.load(
                                                8, config -> order.accept(config.batchSize(2)))),
                        plan -> plan.maxEpochs(2))
                .trace(SampleTrace::new)
                .tree(trace -> new Trace().tree());
    }

    /// Writes down which samples are trained on, and nothing else.
    private static final class SampleTrace extends Trace {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
            add(Points.of(batch).toString());
        }
    }

    /// F11: a validation or test that the original goes on with begins at batch 0 again, because its limit is 0 when it is
    /// asked whether it is done. Here it goes on with the next batch of the same data loader.
    @Test
    void f11AResumedEvaluationGoesOnWithItsNextBatch() {
        for (Activity activity : List.of(Activity.VALIDATION, Activity.TEST)) {
            assertEquals(11, ResumeCheck.everyCut(() -> evaluation(new Trace(), activity)));
            var trace = new Trace();
            var whole = evaluation(trace, activity);
            whole.loop().run(whole.input());
            assertEquals("V0:0 V1:0 V2:0 V0:1 V1:1", trace.text());
        }
    }

    private static Scenario<EvaluationRun, EvaluationResult> evaluation(
            Trace trace, Activity activity) {
        var module = new Line();
        module.initialize(RandomKey.of(1));
        var hooks = new Hooks(List.of(trace), module);
        var loop = new EvaluationLoop();
        loop.epochLoop().connect(trace.new Evaluations());
        var run =
                new EvaluationRun(
                        activity,
                        TrainingScope.forEvaluation(module, RandomKey.of(1)),
                        List.of(Slope.points(6, 2), Slope.points(3, 2)),
                        Limit.all(),
                        0,
                        hooks,
                        FitPlan.of(plan -> {}),
                        new SaveRequest());
        var world =
                new loops.api.Stateful() {
                    @Override
                    public Fields stateDict() {
                        return Fields.of("hooks", hooks.stateDict())
                                .with("scope", run.scope().stateDict());
                    }

                    @Override
                    public void loadStateDict(Fields state) {
                        hooks.loadStateDict(state.fields("hooks"));
                        run.scope().loadStateDict(state.fields("scope"));
                    }
                };
        return new Scenario<>(loop, run, world);
    }

    /// F12: a run that the original saves when a validation within an epoch has ended enters that validation again, with
    /// no batch and no metric. Here the validation is over: its hooks do not fire again, and its metric is there.
    @Test
    void f12AValidationThatHasEndedIsNotEnteredAgain() {
        var uncut = new ValidationTrace(folder);
        fitValidating(uncut, Resume.never());
        String epoch = "T0 Z B S T1 Z B S ( V0 V1 2 ) T2 Z B S T3 Z B S ( V0 V1 2 )";
        assertEquals(epoch + " " + epoch, uncut.text());

        for (int validation = 1; validation <= 4; validation++) {
            var resumed = new ValidationTrace(folder.resolve("again " + validation));
            var checkpoint = folder.resolve("checkpoint-00000" + validation);

            fitValidating(resumed, Resume.from(checkpoint));

            assertEquals(uncut.text(), resumed.text());
        }
    }

    private static void fitValidating(ValidationTrace trace, Resume resume) {
        fit(
                config ->
                        config.maxEpochs(2)
                                .callbacks(trace)
                                .plan(plan ->
                                        plan.sanityBatches(0).validateEvery(Limit.batches(2))),
                new Line() {
                    @Override
                    public boolean keepsResults() {
                        return true;
                    }

                    @Override
                    public void validationEpochEnd(
                            RunView run, List<List<loops.core.training.StepResult>> results) {
                        trace.add("" + results.getFirst().size());
                    }
                },
                DataModule.of(Slope.points(8, 2), Slope.points(4, 2)),
                trace,
                resume);
    }

    /// Writes down where validations begin and end, and insists on their metric. Saves at each end.
    private static final class ValidationTrace extends Trace {
        private final Path saves;

        ValidationTrace(Path saves) {
            this.saves = saves;
        }

        @Override
        public void onValidationStart(RunView run) {
            add("(");
        }

        @Override
        public void onValidationEnd(RunView run) {
            assertTrue(run.metrics().get("val_loss").isPresent());
            add(")");
            run.save(saves);
        }
    }
}
