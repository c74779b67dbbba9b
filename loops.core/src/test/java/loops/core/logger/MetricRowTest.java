package loops.core.logger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;

/// A row of metrics that is written again and again.
class MetricRowTest {
    private final MetricRow row = new MetricRow();

    @Test
    void metricsStandInTheOrderInWhichTheirNamesCame() {
        for (int i = 0; i < 20; i++) {
            row.put("m" + i, i);
        }
        row.put("m3", -3);
        row.remove(0);

        assertEquals(19, row.size());
        assertEquals("m1", row.name(0));
        assertEquals(-3, row.value(2));
        assertEquals(2, row.indexOf("m3"));
        assertEquals(-1, row.indexOf("m0"));
        assertEquals("m19", row.name(18));
    }

    @Test
    void whatWasTakenOutOfARowStaysWhenTheNextIsWritten() {
        row.put("loss", 2);
        var kept = row.toMap();
        row.clear();
        row.put("accuracy", 1);

        assertEquals(Map.of("loss", 2.0), kept);
        assertEquals("{accuracy=1.0}", row.toString());
    }

    @Test
    void aPlaceWithoutAMetricIsRefused() {
        row.put("loss", 2);

        for (int index : List.of(-1, 1)) {
            var error = assertThrows(IndexOutOfBoundsException.class, () -> row.value(index));
            assertEquals(
                    "MetricRow: index is %d and the row has 1 metrics; they are counted from 0"
                            .formatted(index),
                    error.getMessage());
        }
    }

    @Test
    void aLoggerThatTakesMapsGetsOneOfItsOwnForEachRow() {
        var rows = new ArrayList<SequencedMap<String, Double>>();
        Logger logger =
                new Logger() {
                    @Override
                    public String name() {
                        return "rows";
                    }

                    @Override
                    public void log(SequencedMap<String, Double> metrics, long step) {
                        rows.add(metrics);
                    }

                    @Override
                    public Fields stateDict() {
                        return Fields.empty();
                    }

                    @Override
                    public void loadStateDict(Fields state) {}
                };
        var all = Loggers.of(List.of(logger));

        for (int step = 0; step < 2; step++) {
            row.clear();
            row.put("loss", step);
            all.log(row, step);
        }

        assertEquals(List.of(Map.of("loss", 0.0), Map.of("loss", 1.0)), rows);
    }
}
