package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.check.Keys;
import conformance.check.UserError;
import conformance.json.Json;
import conformance.json.Json.Fields;
import java.nio.file.Path;
import java.util.OptionalLong;
import loops.core.Resume;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

class TrainerStateTest {
    private static final Failure IN_VALIDATION = failure("validation_step");

    @TempDir private Path folder;

    private static Failure failure(String where) {
        return new Failure(
                where,
                OptionalLong.empty(),
                OptionalLong.of(1),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false);
    }

    private Scenario scenario() {
        var flags =
                Fields.EMPTY
                        .with("max_epochs", 1)
                        .with("limit_train_batches", 2)
                        .with("limit_val_batches", 3)
                        .with("num_sanity_val_steps", 0);
        var scenario = Scenario.of(new Keys("trainer", flags));
        scenario.choose(config -> config.autoSave(folder.resolve("saved.ckpt")));
        return scenario;
    }

    private static Fields state(Scenario scenario) {
        return TrainerState.ofFit(scenario.trainer().slots().fit().get());
    }

    private static Json counts(long... counts) {
        return Fields.EMPTY
                .with("ready", counts[0])
                .with("started", counts[1])
                .with("processed", counts[2])
                .with("completed", counts[3]);
    }

    @Test
    void totalsCountAnInterruptedItemOnce() {
        var failing = scenario();
        IN_VALIDATION.in(failing);
        assertThrows(UserError.class, failing::fit);
        var next = scenario();

        next.fit(Resume.from(folder.resolve("saved.ckpt")));

        String batches = "epoch_loop.val_loop.epoch_loop.batch_progress";
        assertEquals(counts(2, 2, 1, 1), state(failing).at(batches, "total").orElseThrow());
        assertEquals(counts(3, 3, 3, 3), state(next).at(batches, "total").orElseThrow());
    }

    @Test
    void whatIsLoggedIsSavedBesideTheLoops() {
        var failing = scenario();
        failing.script()
                .loss((model, batch, step) -> {
                    step.log("seen", 1);
                    return model.loss(batch);
                });
        IN_VALIDATION.in(failing);
        assertThrows(UserError.class, failing::fit);

        var saved = SavedRun.at(folder.resolve("saved.ckpt")).orElseThrow();

        assertTrue(
                saved.checkpoint()
                        .state()
                        .fields("scope")
                        .fields("metrics")
                        .toString()
                        .contains("seen"));
        assertFalse(saved.fitLoop().toString().contains("seen"));
    }

    @Test
    void theMovesOfSchedulersAreThoseOfBothLoops() {
        var flags =
                Fields.EMPTY
                        .with("max_epochs", 2)
                        .with("limit_train_batches", 3)
                        .with("limit_val_batches", 0);
        var scenario = Scenario.of(new Keys("trainer", flags));
        scenario.script()
                .plan(model -> {
                    var sgd = Sgd.of(model.parameters(), 0.1);
                    return OptimizerPlan.of(
                            PlannedOptimizer.of(sgd)
                                    .schedule(
                                            Scheduler.of(sgd, Schedules.step(1, 0.5)),
                                            PlannedScheduler::perStep)
                                    .schedule(
                                            ReduceOnPlateau.of(sgd),
                                            planned -> planned.monitoring("seen")));
                })
                .loss((model, batch, step) -> {
                    step.log("seen", 1);
                    return model.loss(batch);
                });

        scenario.fit();

        var moves = (Fields) state(scenario).get("epoch_loop.scheduler_progress").orElseThrow();
        assertEquals("8", moves.at("total", "completed").orElseThrow().toString());
        assertEquals("4", moves.at("current", "completed").orElseThrow().toString());
    }

    @Test
    void aRestartGoesOnAfterWhatWasCompleted() {
        var state =
                Fields.EMPTY.with(
                        "batch_progress",
                        Fields.EMPTY
                                .with("total", counts(9, 9, 8, 8))
                                .with("current", counts(3, 3, 2, 2)));

        var restarted = TrainerState.restarted(state);

        assertEquals(counts(9, 9, 8, 8), restarted.at("batch_progress", "total").orElseThrow());
        assertEquals(counts(2, 2, 2, 2), restarted.at("batch_progress", "current").orElseThrow());
    }

    @Test
    void aQuestionNamesAnyPartOfTheState() {
        var state =
                Fields.EMPTY.with(
                        "loop.batch_progress", Fields.EMPTY.with("total", counts(4, 3, 2, 1)));

        var answers = TrainerState.answers(state, "", "loop.");

        assertEquals("3", answers.answer("batch_progress.total.started").toString());
        assertEquals("1", answers.answer("loop.batch_progress.total.completed").toString());
    }
}
