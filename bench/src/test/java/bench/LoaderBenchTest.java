package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

class LoaderBenchTest {
    @Test
    void theSummaryIsOfTheMedianEpoch() {
        var ahead = List.of(epoch(1000, 2), epoch(1000, 900), epoch(1000, 1));
        var asked = List.of(epoch(500, 50));

        assertEquals(
                "waiting for data 0.200 % of an epoch, 10.000 % without prefetching",
                LoaderBench.summary(ahead, asked));
    }

    @Test
    void anEpochTrainsOnAllBatchesAndWaitsNoLongerThanItTakes() {
        var loader =
                DataLoader.of(
                        TensorDataset.of(Tensor.zeros(Shape.of(7, 2))),
                        config -> config.batchSize(3).prefetch(2));
        var sizes = new ArrayList<Integer>();

        var epoch = LoadedEpoch.of(loader, 0, batch -> sizes.add(batch.size()));

        assertEquals(List.of(3, 3, 1), sizes);
        assertTrue(epoch.waitedMillis() >= 0);
        assertTrue(epoch.millis() >= epoch.waitedMillis());
    }

    private static LoadedEpoch epoch(double millis, double waited) {
        return new LoadedEpoch(millis, waited);
    }
}
