package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import loops.core.training.FitPlan;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.DType;
import tensor.nn.Linear;
import tensor.optim.Lbfgs;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Where hidden state goes, and what is refused; the laws are in [TbpttPropertyTest].
class TbpttLoopTest {
    private static final SmallStreams STREAMS = new SmallStreams(3, 2, 3, 4, 1, false);

    @Test
    void aStreamBeginsWithTheEpochAndGoesOnFromBatchToBatch() {
        var module = STREAMS.module();

        STREAMS.loop().run(STREAMS.run(module));

        assertEquals(List.of(0, 2, 2, 0, 2, 2), module.seen.stream().map(List::size).toList());
    }

    @Test
    void aValidationBetweenTwoBatchesLeavesTheStreamAlone() {
        var validated = STREAMS.module();
        var undisturbed = STREAMS.module();
        var often = FitPlan.of(plan -> plan.maxEpochs(1).validateEvery(Limit.batches(1)));
        var never = FitPlan.of(plan -> plan.maxEpochs(1).validationLimit(Limit.batches(0)));

        STREAMS.loop().run(STREAMS.run(validated, often));
        STREAMS.loop().run(STREAMS.run(undisturbed, never));

        assertEquals(undisturbed.seen, validated.seen);
    }

    /// Carries a state or not, and learns by some optimizer.
    private static final class Forgetful extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));
        private final boolean carries;
        private final boolean searches;

        Forgetful(boolean carries, boolean searches) {
            this.carries = carries;
            this.searches = searches;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            if (carries) {
                step.carry(batch.input());
            }
            return line.apply(batch.input()).mean();
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            Optimizer optimizer = searches ? Lbfgs.of(parameters(), 1) : Sgd.of(parameters(), 0.1);
            return OptimizerPlan.of(optimizer);
        }
    }

    private static String refusal(Forgetful module) {
        module.initialize(RandomKey.of(1), DType.FLOAT64);
        var fit = STREAMS.loop();
        return String.valueOf(
                assertThrows(IllegalStateException.class, () -> fit.run(STREAMS.run(module)))
                        .getMessage());
    }

    @Test
    void aStepThatCarriesNothingIsRefused() {
        assertEquals(
                "trainingStep: no hidden state was carried over in batch 0 of epoch 0 for optimizer 0, and the next step goes on with it; call step.carry(state)",
                refusal(new Forgetful(false, false)));
    }

    @Test
    void anOptimizerThatComputesItsLossSeveralTimesIsRefused() {
        assertEquals(
                "TbpttLoop: optimizer 0 computes its loss several times a step, and hidden state goes on with each; plan another optimizer",
                refusal(new Forgetful(true, true)));
    }
}
