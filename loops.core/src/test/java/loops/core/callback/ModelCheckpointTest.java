package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import loops.api.Hook;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.WarningsHeard;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.Milestone;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

class ModelCheckpointTest {
    @TempDir private Path folder;

    // ---- when

    @Test
    void afterEachEpochIsBeforeTheNext() throws IOException {
        fit(3, of(c -> c.keep(-1)));

        assertEquals(
                List.of("epoch=0-step=2.ckpt", "epoch=1-step=4.ckpt", "epoch=2-step=6.ckpt"),
                names());
        assertEquals(List.of("fit_loop", "fit_loop", "fit_loop"), paths());
    }

    @Test
    void afterSoManyStepsIsBeforeTheNextBatch() throws IOException {
        fit(3, of(c -> c.keep(-1).everySteps(4)));

        assertEquals(List.of("epoch=1-step=4.ckpt"), names());
        assertEquals(List.of("fit_loop.epoch_loop"), paths());
    }

    @Test
    void batchesThatMakeNoStepAreNotSaved() throws IOException {
        Trainer.of(config ->
                        config.maxEpochs(3)
                                .accumulate(2)
                                .callbacks(of(c -> c.keep(-1).everySteps(1).fileName("{step}"))))
                .fit(new Slope(), data());

        assertEquals(List.of("step=1.ckpt", "step=2.ckpt", "step=3.ckpt"), names());
    }

    @Test
    void everySoManyEpochsCountsThemFromOne() throws IOException {
        fit(5, of(c -> c.keep(-1).everyEpochs(2).fileName("{epoch}")));

        assertEquals(List.of("epoch=1.ckpt", "epoch=3.ckpt"), names());
    }

    @Test
    void zeroIsForNever() throws IOException {
        fit(2, of(c -> c.everyEpochs(0)));
        assertEquals(List.of(), names());
        fit(2, of(c -> c.everySteps(0)));
        assertEquals(List.of(), names());
        fit(2, of(c -> c.keep(0)));
        assertEquals(List.of(), names());
    }

    @Test
    void theClockCountsTheTimeSinceItLastAskedForASave() throws IOException {
        var clock = new AtomicLong();
        var time =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
                        clock.addAndGet(7_000);
                    }
                };

        fit(
                3,
                time,
                of(c ->
                        c.keep(-1)
                                .every(Duration.ofSeconds(10))
                                .clock(() -> Instant.ofEpochMilli(clock.get()))
                                .fileName("{step}")));

        assertEquals(List.of("step=2.ckpt", "step=4.ckpt", "step=6.ckpt"), names());
    }

    @Test
    void withSeveralValidationsInAnEpochEachOfThemSaves() throws IOException {
        fit(
                config -> config.maxEpochs(2).plan(plan -> plan.validateEvery(Limit.batches(1))),
                of(c -> c.keep(-1).fileName("{step}")),
                Slope.data(Slope.points(4, 2)));

        assertEquals(List.of("step=1.ckpt", "step=2.ckpt", "step=3.ckpt", "step=4.ckpt"), names());
    }

    @Test
    void whereNothingIsValidatedOnEpochsSaveAtTheirEnd() throws IOException {
        fit(
                config ->
                        config.maxEpochs(4)
                                .plan(plan ->
                                        plan.validateEvery(Limit.fraction(0.5))
                                                .validateEveryEpochs(2)),
                of(c -> c.keep(-1).fileName("{epoch}")),
                data());

        assertEquals(List.of("epoch=1.ckpt", "epoch=2.ckpt", "epoch=3.ckpt"), names());
    }

    @Test
    void thePlaceCanBeChosen() throws IOException {
        fit(
                config -> config.maxEpochs(1),
                of(c -> c.atEpochEnd(false)),
                Slope.data(Slope.points(4, 2)));

        assertEquals(List.of("fit_loop.epoch_loop"), paths());
    }

    @Test
    void aValidationOutsideAFitSavesNothing() throws IOException {
        var saver = of(c -> c.atEpochEnd(false).keep(-1));
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(saver));
        var module = new Slope();
        var data = Slope.data(Slope.points(4, 2));
        trainer.fit(module, data);
        var state = saver.stateDict();

        trainer.validate(module, data);

        assertEquals(state.fields("kept"), saver.stateDict().fields("kept"));
        assertEquals(List.of("epoch=0-step=2.ckpt"), names());
    }

    @Test
    void aTrialSavesNothing() throws IOException {
        Trainer.of(config -> config.fastDevRun(1).callbacks(of(c -> c.saveLast())))
                .fit(new Slope(), data());

        assertEquals(List.of(), names());
    }

    // ---- what is kept

    @Test
    void theBestAreKeptAndKnown() throws IOException {
        var saver = of(c -> c.monitor("v", Mode.MIN).keep(2).fileName("{epoch}-{v:.1f}"));

        fit(6, logs(5, 3, 4, 2, 6, 1), saver);

        assertEquals(List.of("epoch=3-v=2.0.ckpt", "epoch=5-v=1.0.ckpt"), names());
        assertEquals(Optional.of(folder.resolve("epoch=5-v=1.0.ckpt")), saver.best());
        assertEquals(OptionalDouble.of(1), saver.bestScore());
        assertEquals(Optional.of(folder.resolve("epoch=3-v=2.0.ckpt")), saver.worst());
        assertEquals(OptionalDouble.of(2), saver.worstScore());
        assertEquals("{epoch=3-v=2.0.ckpt=2.0, epoch=5-v=1.0.ckpt=1.0}", scores(saver));
        assertEquals(OptionalDouble.of(1), saver.currentScore());
        assertEquals(12, saver.lastSteps());
    }

    @Test
    void largeValuesAreBetterIfSaid() throws IOException {
        var saver = of(c -> c.monitor("v", Mode.MAX).keep(3).fileName("{epoch}-{v:.1f}"));

        fit(6, logs(5, 3, 4, 2, 6, 1), saver);

        assertEquals(
                List.of("epoch=0-v=5.0.ckpt", "epoch=2-v=4.0.ckpt", "epoch=4-v=6.0.ckpt"), names());
        assertEquals(OptionalDouble.of(6), saver.bestScore());
        assertEquals(OptionalDouble.of(4), saver.worstScore());
    }

    @Test
    void ofEqualScoresTheFirstStays() throws IOException {
        var saver = of(c -> c.monitor("v", Mode.MIN).fileName("{epoch}"));

        fit(3, logs(2, 2, 2), saver);

        assertEquals(List.of("epoch=0.ckpt"), names());
    }

    @Test
    void aScoreThatIsNoNumberIsTheWorst() throws IOException {
        var saver = of(c -> c.monitor("v", Mode.MIN).fileName("{epoch}-{v}"));

        fit(1, logs(Double.NaN), saver);
        assertEquals(OptionalDouble.of(Double.POSITIVE_INFINITY), saver.bestScore());
        assertEquals(OptionalDouble.of(Double.POSITIVE_INFINITY), saver.currentScore());
        assertEquals(List.of("epoch=0-v=nan.ckpt"), names());

        fit(3, logs(Double.NaN, 8, Double.NaN), saver);
        assertEquals(OptionalDouble.of(8), saver.bestScore());
        assertEquals(List.of("epoch=1-v=8.0.ckpt"), names());
    }

    @Test
    void theNewestAreKeptWhereNothingIsMonitored() throws IOException {
        var saver = of(c -> c.newest(2));

        fit(3, saver);

        assertEquals(List.of("epoch=1-step=4.ckpt", "epoch=2-step=6.ckpt"), names());
        assertEquals(Optional.of(folder.resolve("epoch=2-step=6.ckpt")), saver.best());
        assertEquals(OptionalDouble.empty(), saver.bestScore());
        assertEquals(Optional.empty(), saver.worst());
        assertEquals("{}", scores(saver));
    }

    @Test
    void theLastIsKeptBesideTheBest() throws IOException {
        var saver = of(c -> c.monitor("v", Mode.MIN).everyEpochs(2).fileName("{epoch}").saveLast());

        fit(3, logs(1, 2, 3), saver);

        assertEquals(List.of("epoch=1.ckpt", "last.ckpt"), names());
        assertEquals(Optional.of(folder.resolve("last.ckpt")), saver.last());
        assertEquals(
                Checkpoint.read(folder.resolve("last.ckpt")).state().fields("scope").num("batches"),
                6);
    }

    @Test
    void theLastMayHaveANameThatChanges() throws IOException {
        var saver = of(c -> c.keep(-1).saveLast("last-{epoch}").fileName("{epoch}").ending(".run"));

        fit(3, saver);

        assertEquals(
                List.of("epoch=0.run", "epoch=1.run", "epoch=2.run", "last-epoch=2.run"), names());
        assertEquals(Optional.of(folder.resolve("last-epoch=2.run")), saver.last());
        assertTrue(saver.names(folder.resolve("last-epoch=7.run")));
        assertTrue(saver.names(folder.resolve("epoch=2.run")));
        assertFalse(saver.names(folder.resolve("epoch=2.ckpt")));
    }

    @Test
    void allThatAreSavedAtOnePlaceAreTheSame() throws IOException {
        fit(2, of(c -> c.saveLast()));

        assertEquals(
                Checkpoint.read(folder.resolve("epoch=1-step=4.ckpt")),
                Checkpoint.read(folder.resolve("last.ckpt")));
    }

    // ---- names

    @Test
    void aNameThatIsTakenGetsANumber() throws IOException {
        fit(2, of(c -> c.keep(-1).fileName("{epoch}").saveLast()));
        fit(2, of(c -> c.keep(-1).fileName("{epoch}").saveLast()));
        fit(1, of(c -> c.keep(-1).fileName("{epoch}").firstVersion(9)));

        assertEquals(
                List.of(
                        "epoch=0-v1.ckpt",
                        "epoch=0-v9.ckpt",
                        "epoch=0.ckpt",
                        "epoch=1-v1.ckpt",
                        "epoch=1.ckpt",
                        "last-v1.ckpt",
                        "last.ckpt"),
                names());
    }

    @Test
    void theNameOfOneThatGivesWayIsFree() throws IOException {
        var saver = of(c -> c.fileName("one"));

        fit(3, saver);

        assertEquals(List.of("one.ckpt"), names());
        assertEquals(Optional.of(folder.resolve("one.ckpt")), saver.best());
    }

    @Test
    void aMetricThatIsNotThereIsWarnedOfBeforeTheFirstValidationAndAnErrorAfterIt()
            throws IOException {
        fit(2, of(c -> c.monitor("gone", Mode.MIN).saveLast()));
        assertEquals(List.of("last.ckpt"), names());

        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                fit(
                                        config -> config.maxEpochs(1),
                                        of(c -> c.monitor("gone", Mode.MIN)),
                                        Slope.data(Slope.points(4, 2))));
        assertEquals(
                "ModelCheckpoint: 'gone' is monitored and was not logged, only [loss, val_loss, epoch, step]; log it, or monitor one of these",
                refused.getMessage());
    }

    /// Two fits one after the other, which no callback hears.
    private static final class Unheard extends Loop<FitRun, FitResult> {
        private record Ended(RunView run) implements Milestone {}

        private final Hook<Ended> ended = hook("ended", Ended.class);
        private final LongCell fits = longCell("fits", 0);

        @Override
        protected boolean done(FitRun run) {
            return fits.get() == 2;
        }

        @Override
        protected void advance(FitRun run) {
            fits.set(fits.get() + 1);
        }

        @Override
        protected void onAdvanceEnd(FitRun run) {
            ended.fire(run.hooks(), new Ended(run.view()));
        }

        @Override
        protected FitResult onRunEnd(FitRun run) {
            return new FitResult(0, 0, Optional.empty(), new LinkedHashMap<>());
        }
    }

    @Test
    void itSavesAtAMilestoneOfALoop() throws IOException {
        var trainer = Trainer.of(config -> config.callbacks(of(c -> c.newest(3))));
        trainer.slots().fit().connect(new Unheard());

        trainer.fit(new Slope(), data());

        assertEquals(List.of("epoch=0-step=0-v1.ckpt", "epoch=0-step=0.ckpt"), names());
    }

    @Test
    void atAMilestoneWhatIsNotMeasuredCannotBeTheBest() throws IOException {
        var saver = of(c -> c.monitor("val_loss", Mode.MIN).saveLast());
        var trainer = Trainer.of(config -> config.callbacks(saver));
        trainer.slots().fit().connect(new Unheard());

        try (var warnings = new WarningsHeard()) {
            trainer.fit(new Slope(), data());

            assertEquals(
                    "ModelCheckpoint: 'val_loss' is monitored and was not logged, only [epoch, step]; log it, or monitor one of these",
                    warnings.lines().getLast());
            assertEquals(2, warnings.lines().size()); // the other is that there is no validation
        }
        assertEquals(List.of("last.ckpt"), names());
    }

    @Test
    void twoThatGiveTheSameNamesAreRefused() {
        var one = of(c -> {});
        var two = of(c -> c.everySteps(2));
        var other = of(c -> c.everySteps(3).fileName("{step}"));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Trainer.of(config -> config.maxEpochs(1).callbacks(one, two))
                                        .fit(new Slope(), data()));

        assertEquals(
                "Trainer: two ModelCheckpoints give the same names in '%s'; give one of them another folder, or a fileName(..) of its own"
                        .formatted(folder),
                refused.getMessage());
        Trainer.of(config -> config.maxEpochs(1).callbacks(one, other)).fit(new Slope(), data());
    }

    @Test
    void twoWhoseStatesCouldNotBeToldApartAreRefused() {
        var one = of(c -> {});
        var two = ModelCheckpoint.newest(folder.resolve("two"));
        var named = ModelCheckpoint.of(folder.resolve("two"), c -> c.named("copy"));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Trainer.of(config -> config.maxEpochs(1).callbacks(one, two))
                                        .fit(new Slope(), data()));

        assertEquals(
                "Trainer: the ModelCheckpoints of '%s' and '%s' look at the same metric and save at the same moments, so a checkpoint could not tell their states apart; give one of them a name by named(..)"
                        .formatted(folder, folder.resolve("two")),
                refused.getMessage());
        Trainer.of(config -> config.maxEpochs(1).callbacks(one, named)).fit(new Slope(), data());
        assertEquals(one.best().map(Path::getFileName), named.best().map(Path::getFileName));
    }

    // ---- state

    @Test
    void itsStateKeyIsMadeOfItsChoices() {
        assertEquals(
                "ModelCheckpoint{monitor=val_loss, mode=MIN, everySteps=0, everyEpochs=1, every=none}",
                of(c -> c.monitor("val_loss", Mode.MIN)).stateKey());
        assertEquals(
                "ModelCheckpoint{monitor=none, mode=MIN, everySteps=0, everyEpochs=0, every=PT1M}",
                of(c -> c.every(Duration.ofMinutes(1))).stateKey());
        assertEquals(
                "ModelCheckpoint{monitor=none, mode=MIN, name=often}",
                of(c -> c.everySteps(2).named("often")).stateKey());
    }

    @Test
    void eachCheckpointHoldsWhatWasKnownWithIt() throws IOException {
        fit(3, logs(3, 1, 2), of(c -> c.monitor("v", Mode.MIN).keep(-1)));

        assertEquals(
                List.of(3.0, 1.0, 2.0),
                checkpoints().stream().map(each -> kept(each).real("current")).toList());
    }

    @Test
    void withAnotherFolderOnlyThePathOfTheBestIsTakenOver() throws IOException {
        var old = folder.resolve("old");
        var saver = ModelCheckpoint.of(old, c -> c.monitor("v", Mode.MIN).keep(2).saveLast());
        fit(2, logs(1, 2), saver);
        var moved =
                ModelCheckpoint.of(
                        folder.resolve("new"), c -> c.monitor("v", Mode.MIN).keep(2).saveLast());

        moved.loadStateDict(saver.stateDict());

        assertEquals(Optional.of(old.resolve("epoch=0-step=2.ckpt")), moved.best());
        assertEquals("{}", scores(moved));
        assertEquals(OptionalDouble.empty(), moved.bestScore());
        assertEquals(OptionalDouble.empty(), moved.currentScore());
        assertEquals(Optional.empty(), moved.worst());
        assertEquals(Optional.empty(), moved.last());
        assertEquals(folder.resolve("new"), moved.folder());
    }

    @Test
    void aResumedRunWithAnotherFolderDeletesNothingInTheOld() throws IOException {
        var old = folder.resolve("old");
        Consumer<ModelCheckpointConfig> choices =
                c -> c.newest(1).everySteps(1).fileName("{step}").saveLast();
        fit(1, ModelCheckpoint.of(old, choices));

        Trainer.of(config ->
                        config.maxEpochs(2)
                                .callbacks(ModelCheckpoint.of(folder.resolve("new"), choices)))
                .fit(new Slope(), data(), Resume.from(old.resolve("step=2.ckpt")));

        assertEquals(List.of("last.ckpt", "step=2.ckpt"), names(old));
        assertEquals(List.of("last.ckpt", "step=4.ckpt"), names(folder.resolve("new")));
    }

    @Test
    void aRunWithANamedOneGoesOnToSaveAtOtherMoments() throws IOException {
        fit(2, of(c -> c.newest(2).everySteps(1).named("often")));
        var saver = of(c -> c.newest(2).named("often"));

        Trainer.of(config -> config.maxEpochs(4).callbacks(saver))
                .fit(new Slope(), data(), Resume.latest(folder));

        assertEquals(List.of("epoch=2-step=6.ckpt", "epoch=3-step=8.ckpt"), names());
    }

    @Test
    void aRunThatIsResumedAtItsEndSavesNothingNew() throws IOException {
        fit(2, of(c -> c.monitor("loss", Mode.MIN).saveLast()));
        var before = written();

        for (int i = 0; i < 3; i++) {
            var saver = of(c -> c.monitor("loss", Mode.MIN).saveLast());
            Trainer.of(config -> config.maxEpochs(2).callbacks(saver))
                    .fit(new Slope(), data(), Resume.last());
        }

        assertEquals(before, written());
    }

    // ---- choices

    @Test
    void choicesThatCannotBeAreRefused() {
        assertRefused(
                "ModelCheckpoint: keep is -3; use -1 for all or a number from 0", c -> c.keep(-3));
        assertRefused(
                "ModelCheckpoint: keep is 3 and nothing is monitored; say by monitor(..) which are the best, or use newest(3)",
                c -> c.keep(3));
        assertRefused("ModelCheckpoint: newest is 0; use a number from 1", c -> c.newest(0));
        assertRefused(
                "ModelCheckpoint: everyEpochs is -3; use a number from 0", c -> c.everyEpochs(-3));
        assertRefused(
                "ModelCheckpoint: everySteps is -3; use a number from 0", c -> c.everySteps(-3));
        assertRefused(
                "ModelCheckpoint: every is PT-1S; use a time from 0",
                c -> c.every(Duration.ofSeconds(-1)));
        assertRefused(
                "ModelCheckpoint: everySteps is 1, everyEpochs is 2 and every is PT0S; choose one of them, and 0 for the others",
                c -> c.everySteps(1).everyEpochs(2));
        assertRefused(
                "ModelCheckpoint: firstVersion is -1; use a number from 0",
                c -> c.firstVersion(-1));
        of(c -> c.everySteps(0).everyEpochs(0).every(Duration.ofMinutes(1)));
    }

    private void assertRefused(String message, Consumer<ModelCheckpointConfig> choices) {
        var refused = assertThrows(IllegalArgumentException.class, () -> of(choices));
        assertEquals(message, refused.getMessage());
    }

    // ---- tools

    /// Logs a value of its own in each epoch.
    private record Logs(List<Double> values) implements Callback {
        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("v", values.get(run.epoch()));
        }
    }

    private static Logs logs(double... values) {
        return new Logs(DoubleStream.of(values).boxed().toList());
    }

    private ModelCheckpoint of(Consumer<ModelCheckpointConfig> choices) {
        return ModelCheckpoint.of(folder, choices);
    }

    /// Epochs of two steps.
    private static void fit(int epochs, Callback... callbacks) {
        Trainer.of(config -> config.maxEpochs(epochs).callbacks(callbacks))
                .fit(new Slope(), data());
    }

    private static void fit(Consumer<TrainerConfig> choices, Callback saver, DataModule data) {
        Trainer.of(config -> choices.accept(config.callbacks(saver))).fit(new Slope(), data);
    }

    private static DataModule data() {
        return DataModule.of(Slope.points(4, 2));
    }

    private List<String> names() throws IOException {
        return names(folder);
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, String> written() throws IOException {
        var written = new TreeMap<String, String>();
        for (String name : names()) {
            written.put(name, Files.readString(folder.resolve(name).resolve("manifest.json")));
        }
        return written;
    }

    private List<String> paths() throws IOException {
        return checkpoints().stream().map(Checkpoint::path).toList();
    }

    private List<Checkpoint> checkpoints() throws IOException {
        var all = new ArrayList<Checkpoint>();
        for (Path path : new CheckpointFolder(folder).all()) {
            all.add(Checkpoint.read(path));
        }
        return all;
    }

    private static Fields kept(Checkpoint checkpoint) {
        var callbacks = checkpoint.state().fields("callbacks");
        return callbacks.fields(callbacks.entries().firstEntry().getKey()).fields("kept");
    }

    private static String scores(ModelCheckpoint saver) {
        var scores = new LinkedHashMap<String, Double>();
        saver.scores().forEach((path, score) -> scores.put(path.getFileName().toString(), score));
        return scores.toString();
    }
}
