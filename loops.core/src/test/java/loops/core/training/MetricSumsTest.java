package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricSumsTest {
    @Test
    void eachValueCountsAsOftenAsItsBatchHasSamples() {
        var sums = new MetricSums();
        sums.add("loss", 1, 32);
        sums.add("acc", 0.5, 32);
        sums.add("loss", 4, 16);

        assertEquals(Map.of("loss", 2.0, "acc", 0.5), sums.means());
        assertEquals(Map.of("loss", 4.0, "acc", 0.5), sums.latest());
        assertEquals(List.of("loss", "acc"), List.copyOf(sums.means().keySet()));
    }

    @Test
    void savedSumsGoOnAsTheOriginalWould() {
        var sums = new MetricSums();
        sums.add("loss", 0.1, 3);
        var again = new MetricSums();
        again.add("other", 1, 1);

        again.loadStateDict(sums.stateDict());
        sums.add("loss", 0.7, 2);
        again.add("loss", 0.7, 2);

        assertEquals(sums.means(), again.means());
        assertEquals(sums.stateDict(), again.stateDict());
    }
}
