package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// How often a fit asks its data for sources.
class SourcesTest {
    private final List<String> asked = new ArrayList<>();

    private final DataModule data =
            new DataModule() {
                @Override
                public BatchSource trainBatches() {
                    asked.add("train");
                    return source();
                }

                @Override
                public List<BatchSource> validationBatches() {
                    asked.add("validation");
                    return List.of(source());
                }
            };

    private static BatchSource source() {
        return DataLoader.of(TensorDataset.of(Tensor.ones(Shape.of(4, 1))));
    }

    @Test
    void sourcesAreAskedForOnce() {
        var sources = sources(0);

        sources.sanity();
        for (int epoch = 0; epoch < 5; epoch++) {
            sources.train(epoch);
            sources.validation(epoch);
        }

        assertEquals(List.of("validation", "train"), asked);
    }

    @Test
    void sourcesAreAskedForAgainAfterSomeEpochs() {
        var sources = sources(2);

        assertEquals(List.of(0, 2, 4), epochsThatAsk(sources, 1, 0));
        asked.clear();
        assertEquals(List.of(2, 5), epochsThatAsk(sources(3), 3, 2));
    }

    @Test
    void whatWasTriedBeforeTrainingServesTheFirstEpochAlone() {
        var every = sources(2);
        every.sanity();
        var seldom = sources(4);
        seldom.sanity();
        asked.clear();

        assertEquals(List.of(2, 4), epochsThatAsk(every, 1, 0));
        assertEquals(List.of(2), epochsThatAsk(seldom, 3, 2));
    }

    private List<Integer> epochsThatAsk(Sources sources, int every, int first) {
        var epochs = new ArrayList<Integer>();
        for (int epoch = first; epoch < 6; epoch += every) {
            int before = asked.size();
            sources.validation(epoch);
            if (asked.size() > before) {
                epochs.add(epoch);
            }
        }
        return epochs;
    }

    private Sources sources(int reloadEvery) {
        return new Sources(data, FitPlan.of(config -> config.reloadEvery(reloadEvery)), true);
    }
}
