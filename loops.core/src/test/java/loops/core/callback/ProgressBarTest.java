package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.data.Batch;
import tensor.data.BatchSource;

class ProgressBarTest {
    private final ShownBars shown = new ShownBars();

    private static final class Measured extends Slope {
        @Override
        public void validationStep(Batch batch, Step step) {}
    }

    private record Data(int batches, List<Integer> validation) implements DataModule {
        @Override
        public BatchSource trainBatches() {
            return Slope.points(batches, 1);
        }

        @Override
        public List<BatchSource> validationBatches() {
            return sources();
        }

        @Override
        public List<BatchSource> testBatches() {
            return sources();
        }

        @Override
        public List<BatchSource> predictionBatches() {
            return sources();
        }

        private List<BatchSource> sources() {
            return validation.stream().<BatchSource>map(count -> Slope.points(count, 1)).toList();
        }
    }

    private Trainer trainer(Callback bar, Consumer<FitPlan.Config> plan) {
        return Trainer.of(config ->
                config.maxEpochs(1).callbacks(bar).plan(plan.andThen(p -> p.sanityLimit(none()))));
    }

    private static Limit none() {
        return Limit.batches(0);
    }

    private static Measured initialized() {
        var module = new Measured();
        module.initialize(RandomKey.of(1));
        return module;
    }

    @Test
    void theBarOfAnEpochCountsItsBatchesAndThoseOfItsValidation() {
        var data = new Data(2, List.of(1, 1));

        trainer(ProgressBar.of(shown), plan -> {}).fit(initialized(), data);

        assertEquals(
                List.of(
                        "begin TRAINING 0/4",
                        "show TRAINING 1/4",
                        "show TRAINING 2/4",
                        "begin VALIDATION 0/2",
                        "show VALIDATION 1/2",
                        "show TRAINING 3/4",
                        "show VALIDATION 2/2",
                        "show TRAINING 4/4",
                        "end VALIDATION 2/2",
                        "end TRAINING 4/4",
                        "close"),
                shown.lines());
    }

    @Test
    void aBarIsShownAfterSoManyBatchesAndAtItsEnd() {
        var bar = ProgressBar.of(shown).refreshEvery(3);

        trainer(bar, plan -> {}).fit(initialized(), new Data(5, List.of(2)));

        assertEquals(
                List.of("begin 0/7", "show 3/7", "show 6/7", "show 7/7", "end 7/7"),
                shown.lines(Activity.TRAINING));
        assertEquals(List.of("begin 0/2", "show 2/2", "end 2/2"), shown.lines(Activity.VALIDATION));
    }

    @Test
    void aBarThatIsNeverShownBeginsAndEnds() {
        var bar = ProgressBar.of(shown).refreshEvery(0);

        trainer(bar, plan -> {}).fit(initialized(), new Data(2, List.of(1)));

        assertEquals(List.of("begin 0/3", "end 3/3"), shown.lines(Activity.TRAINING));
    }

    @Test
    void everyValidationOfAnEpochCounts() {
        trainer(
                        ProgressBar.of(shown).refreshEvery(100),
                        plan -> plan.validateEvery(Limit.fraction(0.5)))
                .fit(initialized(), new Data(7, List.of(7)));

        assertEquals(
                List.of("begin 0/21", "show 21/21", "end 21/21"), shown.lines(Activity.TRAINING));
    }

    @Test
    void validationsAcrossEpochsCountWhereTheyFall() {
        trainer(
                        ProgressBar.of(shown).refreshEvery(0),
                        plan -> plan.maxEpochs(4).validateEvery(Limit.batches(3)).acrossEpochs())
                .fit(initialized(), new Data(5, List.of(10)));

        assertEquals(
                List.of("end 15/15", "end 25/25", "end 25/25", "end 15/15"),
                shown.lines(Activity.TRAINING).stream()
                        .filter(line -> line.startsWith("end"))
                        .toList());
    }

    @Test
    void aSanityCheckHasABarOfItsOwn() {
        Trainer.of(config -> config.maxEpochs(1).callbacks(ProgressBar.of(shown)))
                .fit(initialized(), new Data(1, List.of(3)));

        assertEquals(
                List.of("begin 0/2", "show 1/2", "show 2/2", "end 2/2"),
                shown.lines(Activity.SANITY_CHECK));
        assertEquals(4, shown.lines(Activity.TRAINING).size() - 2);
    }

    @Test
    void whatStandsAloneHasABarThatClosesWithIt() {
        var trainer = trainer(ProgressBar.of(shown).refreshEvery(2), plan -> {});
        var module = initialized();
        var data = new Data(1, List.of(2, 1));

        trainer.test(module, data);
        trainer.predict(module, data);
        trainer.validate(module, data);

        assertEquals(
                List.of("begin 0/3", "show 2/3", "show 3/3", "end 3/3"),
                shown.lines(Activity.TEST));
        assertEquals(shown.lines(Activity.TEST), shown.lines(Activity.PREDICTION));
        assertEquals(shown.lines(Activity.TEST), shown.lines(Activity.VALIDATION));
        assertEquals(3, shown.lines().stream().filter(line -> line.equals("close")).count());
    }

    @Test
    void anEpochThatGoesOnIsShownFromWhereItStandsAsSoonAsItsValidationIsKnown(
            @TempDir Path folder) {
        var place = folder.resolve("cut.ckpt");
        var cut =
                new Callback() {
                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int batchIndex) {
                        if (batchIndex == 2) {
                            run.save(place, List.of());
                            run.interrupt("to go on later");
                        }
                    }
                };
        Consumer<FitPlan.Config> plan = each -> each.validateEvery(Limit.batches(2));
        trainer(cut, plan).fit(initialized(), new Data(6, List.of(4)));

        trainer(ProgressBar.of(shown), plan)
                .fit(initialized(), new Data(6, List.of(4)), Resume.from(place));

        assertEquals(
                List.of("begin 3/6", "show 4/6", "show 9/18"),
                shown.lines(Activity.TRAINING).subList(0, 3));
        assertEquals("end 18/18", shown.lines(Activity.TRAINING).getLast());
    }

    @Test
    void anExceptionClosesWhatIsShown() {
        var fails =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
                        throw new IllegalStateException("mine");
                    }
                };
        var trainer =
                Trainer.of(config -> config.maxEpochs(1).callbacks(ProgressBar.of(shown), fails));

        assertThrows(
                IllegalStateException.class,
                () -> trainer.fit(new Slope(), new Data(2, List.of())));

        assertEquals(List.of("begin TRAINING 0/2", "close"), shown.lines());
    }

    @Test
    void aNumberOfBatchesThatIsNoneIsRefused() {
        var bar = ProgressBar.of(shown);

        var refused = assertThrows(IllegalArgumentException.class, () -> bar.refreshEvery(-1));

        assertEquals(
                "ProgressBar: refreshEvery is -1; use a number of batches from 1, or 0 to show none",
                refused.getMessage());
    }
}
