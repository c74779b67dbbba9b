package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.check.Keys;
import conformance.json.Json.Fields;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/// What a scenario hears of the end of a training.
class QuietEndTest {
    @Test
    void whyATrainingEndsStandsInItsResultAndNotInTheLog() {
        var scenario = Scenario.of(new Keys("", Fields.EMPTY.with("limit_train_batches", 2)));
        scenario.events()
                .on("on_train_batch_end", event -> event.run().orElseThrow().stop("enough"));

        var result = scenario.fit();

        assertEquals(Optional.of("enough"), result.stopReason());
        assertEquals(1, result.globalStep());
        assertEquals(List.of(), scenario.log().lines(Level.ALL));
    }
}
