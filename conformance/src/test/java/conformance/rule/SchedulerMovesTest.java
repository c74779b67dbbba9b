package conformance.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.check.Case;
import conformance.check.CaseFile;
import conformance.json.Json.Fields;
import conformance.rule.Ruling.Expected;
import conformance.rule.SchedulerMoves.Count;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Schedulers have moved so and so often at every place of a fit, and nothing is computed of places that there are not.
class SchedulerMovesTest {
    private static final String EVERY_TWO_STEPS =
            """
            {"trainer": {"max_epochs": 2, "limit_train_batches": 3},
             "scheduler_kind": "StepLR(step_size=1, gamma=0.5)",
             "sched": [{"interval": "step", "frequency": 2}]}
            """;

    @Test
    void ourSchedulersCountTheStepsOfTheWholeFit() {
        var moves = SchedulerMoves.of(subject("0", "0").setup());

        assertEquals(Optional.of(List.of(new Count(1, 1))), moves.at(1, 0));
        assertEquals(Optional.of(List.of(new Count(1, 2))), moves.at(1, 1));
        assertEquals(List.of(new Count(2, 3)), moves.atEnd());
        assertEquals(1, moves.moreInLastEpoch());
    }

    @Test
    void thereIsNoPlaceBeforeTheFirstBatchNorBehindTheLast() {
        var moves = SchedulerMoves.of(subject("0", "0").setup());

        assertEquals(Optional.empty(), moves.at(-1, 0));
        assertEquals(Optional.empty(), moves.at(0, -1));
        assertEquals(Optional.empty(), moves.at(0, 3));
        assertEquals(Optional.empty(), moves.at(2, 0));
        assertEquals(Optional.empty(), moves.at(Long.MAX_VALUE, Long.MIN_VALUE));
    }

    @Test
    void ratesAtAPlaceThatThereIsNotStayAsTheyAre() {
        assertEquals("[[0.025]]", rates("1", "1"));
        assertEquals("[[0.05]]", rates("-1", "0"));
        assertEquals("[[0.05]]", rates("1", "-1"));
        assertEquals("[[0.05]]", rates("2", "0"));
        assertEquals("[[0.05]]", rates("1", "\"x\""));
    }

    private static String rates(String epoch, String batch) {
        var ruled = (Expected) Ruling.of(subject(epoch, batch), Rules.all());
        return ruled.instead()
                .expect()
                .at("at_entry_of_each_training_step", "lrs")
                .orElse(Fields.EMPTY)
                .toString();
    }

    private static Case subject(String epoch, String batch) {
        return CaseFile.parse(
                        """
                        [{"id": "made-up", "area": "lr_scheduler", "setup": %s,
                          "expect": {"at_entry_of_each_training_step":
                            {"position": [[%s, %s, 4]], "lrs": [[0.05]]}}}]
                        """
                                .formatted(EVERY_TWO_STEPS, epoch, batch))
                .getFirst();
    }
}
