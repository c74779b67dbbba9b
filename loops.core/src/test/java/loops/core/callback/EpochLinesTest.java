package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import loops.core.training.Activity;
import org.junit.jupiter.api.Test;

class EpochLinesTest {
    private final StringWriter out = new StringWriter();
    private final BarDisplay lines = new EpochLines(new PrintWriter(out));

    private static Bar bar(Activity activity, int count) {
        return new Bar(
                activity,
                0,
                OptionalInt.of(2),
                count,
                OptionalInt.of(4),
                new LinkedHashMap<>(Map.of("loss", 0.25)));
    }

    @Test
    void itIsALineAnEpoch() {
        lines.begin(bar(Activity.TRAINING, 0));
        lines.show(bar(Activity.TRAINING, 1));
        lines.begin(bar(Activity.VALIDATION, 0));
        lines.end(bar(Activity.VALIDATION, 4));
        lines.end(bar(Activity.TRAINING, 4));
        lines.close();

        assertEquals(
                "epoch 1/2  loss 0.2500\n", out.toString().replace(System.lineSeparator(), "\n"));
    }
}
