package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.core.training.Activity;
import org.junit.jupiter.api.Test;

class TerminalLineTest {
    private final StringWriter out = new StringWriter();
    private long millis = 1000;
    private final BarDisplay line =
            new TerminalLine(new PrintWriter(out), () -> Instant.ofEpochMilli(millis));

    private static Bar training(int epochs, int count, int total) {
        return new Bar(
                Activity.TRAINING,
                0,
                epochs < 0 ? OptionalInt.empty() : OptionalInt.of(epochs),
                count,
                total < 0 ? OptionalInt.empty() : OptionalInt.of(total),
                metrics());
    }

    private static SequencedMap<String, Double> metrics() {
        return new LinkedHashMap<>();
    }

    private static Bar validation(int count, int total) {
        return new Bar(
                Activity.VALIDATION,
                0,
                OptionalInt.empty(),
                count,
                OptionalInt.of(total),
                metrics());
    }

    private void showAt(long at, Bar bar) {
        millis = at;
        if (line.ready()) {
            line.show(bar);
        }
    }

    private String said() {
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void itIsABarWithRateAndTimeLeftAtMostTenTimesASecond() {
        line.begin(training(2, 0, 4));
        showAt(2000, training(2, 1, 4));
        showAt(2050, training(2, 2, 4));
        showAt(2100, training(2, 3, 4));
        line.end(training(2, 4, 4));
        line.close();

        assertEquals(
                "\repoch 1/2 [======                  ] 1/4  1/s  0:07 left\u001b[K"
                        + "\repoch 1/2 [==================      ] 3/4  3/s  0:02 left\u001b[K"
                        + "\repoch 1/2  \u001b[K\n",
                said());
    }

    @Test
    void hoursAreShownAsSuch() {
        line.begin(training(1801, 0, 2));
        showAt(2000, training(1801, 1, 2));

        assertEquals(
                "\repoch 1/1801 [============            ] 1/2  1/s  1:00:01 left\u001b[K", said());
    }

    @Test
    void anEpochOfUnknownLengthHasNoBar() {
        line.begin(training(-1, 0, -1));
        showAt(1500, training(-1, 1, -1));

        assertEquals("\repoch 1  1 batches  2/s\u001b[K", said());
    }

    @Test
    void metricsStandBesideTheBar() {
        var metrics = metrics();
        metrics.put("loss", 0.25);
        var bar = new Bar(Activity.TRAINING, 0, OptionalInt.empty(), 2, OptionalInt.of(4), metrics);

        line.begin(training(-1, 0, 4));
        showAt(2000, bar);

        assertEquals(
                "\repoch 1 [============            ] 2/4  2/s  0:01 left  loss 0.2500\u001b[K",
                said());
    }

    @Test
    void theBarThatBeganLastIsShown() {
        line.begin(training(1, 0, 3));
        line.begin(validation(0, 2));
        showAt(2000, validation(1, 2));
        showAt(3000, training(1, 2, 3));
        line.end(validation(2, 2));
        showAt(4000, training(1, 3, 3));

        assertEquals(
                "\rvalidate [============            ] 1/2  1/s  0:01 left\u001b[K"
                        + "\repoch 1/1 [========================] 3/3  1/s  0:00 left\u001b[K",
                said());
    }

    @Test
    void anEpochThatGoesOnHasTheRateOfItsOwnBatches() {
        line.begin(training(1, 8, 10));
        showAt(1500, training(1, 8, 10));
        showAt(2000, training(1, 9, 10));

        assertEquals(
                "\repoch 1/1 [===================     ] 8/10  0/s  -:-- left\u001b[K"
                        + "\repoch 1/1 [=====================   ] 9/10  1/s  0:01 left\u001b[K",
                said());
    }

    @Test
    void whatWasNeverDrawnIsNotEnded() {
        line.begin(validation(0, 2));
        line.end(validation(2, 2));
        line.close();

        assertEquals("", said());
    }
}
