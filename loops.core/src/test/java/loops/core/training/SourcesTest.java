package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import loops.core.Slope;
import org.junit.jupiter.api.Test;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

class SourcesTest {
    private final List<String> asked = new ArrayList<>();

    /// Gives other sources each time.
    private final DataModule data =
            new DataModule() {
                @Override
                public BatchSource trainBatches() {
                    asked.add("train");
                    return Slope.points(4, 2);
                }

                @Override
                public List<BatchSource> validationBatches() {
                    asked.add("validation");
                    return List.of(Slope.points(2, 2));
                }
            };

    private Sources sources(FitPlan plan) {
        return new Sources(data, plan, true);
    }

    private static FitPlan reloading(int epochs) {
        return FitPlan.of(plan -> plan.reloadEvery(epochs));
    }

    @Test
    void sourcesAreAskedForWhenTheyAreWantedAndKept() {
        var sources = sources(FitPlan.of(plan -> {}));

        assertEquals(List.of(), asked);
        var first = sources.train();
        assertSame(first, sources.train(0));
        assertSame(first, sources.train(7));
        assertSame(sources.validation(0).getFirst(), sources.validation(7).getFirst());
        assertEquals(List.of("train", "validation"), asked);
    }

    @Test
    void theBatchesOfAValidationAreCountedWithoutAskingForSources() {
        var sources = sources(FitPlan.of(plan -> plan.validationLimit(Limit.batches(1))));

        assertEquals(OptionalInt.of(0), sources.validationBatchCount());
        assertEquals(List.of(), asked);
        sources.validation(0);
        assertEquals(OptionalInt.of(1), sources.validationBatchCount());
    }

    @Test
    void theyAreAskedForAgainAfterSoManyEpochs() {
        var sources = sources(reloading(2));

        var first = sources.train(0);

        assertSame(first, sources.train(1));
        assertNotSame(first, sources.train(2));
        assertSame(sources.train(2), sources.train(3));
        sources.train(4);
        assertEquals(List.of("train", "train", "train"), asked);
    }

    @Test
    void theEpochsOfValidationAreCountedByThemselves() {
        var sources = sources(reloading(2));

        sources.train(0);
        sources.validation(1);
        sources.validation(2);
        sources.train(2);
        sources.validation(3);

        assertEquals(List.of("train", "validation", "train", "validation"), asked);
    }

    @Test
    void whatWasOnlyTriedBeforeTrainingServesTheFirstEpochToo() {
        var sources = sources(reloading(3));

        var tried = sources.sanity();

        assertSame(tried.getFirst(), sources.validation(0).getFirst());
        assertSame(tried.getFirst(), sources.validation(2).getFirst());
        assertNotSame(tried.getFirst(), sources.validation(3).getFirst());
    }

    @Test
    void aValidationThatBeginsLaterAsksAnewIfSourcesAreAskedForAgainAtAll() {
        var sources = sources(reloading(3));

        var tried = sources.sanity();

        assertNotSame(tried.getFirst(), sources.validation(1).getFirst());
        assertEquals(List.of("validation", "validation"), asked);
    }

    @Test
    void nothingIsAskedForThatIsNotValidated() {
        var none = FitPlan.of(plan -> plan.validationLimit(Limit.batches(0)));

        assertEquals(List.of(), sources(none).validation(0));
        assertEquals(List.of(), new Sources(data, reloading(1), false).validation(0));
        assertEquals(List.of(), asked);
    }

    @Test
    void overfittingRepeatsTheFirstEpoch() {
        var opened = new ArrayList<String>();
        var counted =
                new BatchSource() {
                    @Override
                    public OptionalInt batchCount() {
                        return OptionalInt.of(9);
                    }

                    @Override
                    public BatchCursor open(long epoch, long position) {
                        opened.add(epoch + " " + position);
                        return Slope.points(4, 2).open(epoch, position);
                    }
                };
        var overfit = FitPlan.of(plan -> plan.overfit(Limit.batches(1)));

        var source = new Sources(DataModule.of(counted), overfit, true).train(5);
        source.open(5, 1).close();

        assertEquals(OptionalInt.of(9), source.batchCount());
        assertEquals(List.of("0 1"), opened);
    }
}
