package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.check.Keys;
import conformance.json.Json.Fields;
import java.nio.file.Path;
import java.util.List;
import loops.core.Resume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRecordTest {
    private static final String VALIDATION_BATCHES =
            "epoch_loop.val_loop.epoch_loop.batch_progress";

    @TempDir private Path folder;

    private static Scenario scenario(Fields flags) {
        return Scenario.of(
                new Keys(
                        "trainer",
                        flags.with("limit_train_batches", 1).with("limit_val_batches", 2)));
    }

    private static List<String> entered(Scenario scenario) {
        return HookRecord.entered(scenario.events().all());
    }

    @Test
    void aHookReturnsAfterThoseThatItCalls() {
        var scenario = scenario(Fields.EMPTY.with("max_epochs", 1));
        scenario.fit();

        var entered = entered(scenario);
        var returned = HookRecord.returned(scenario.events().all(), true);

        assertTrue(entered.indexOf("optimizer_step") < entered.indexOf("training_step"));
        assertTrue(returned.indexOf("optimizer_step(0, 0, 0)") > returned.indexOf("backward(0)"));
    }

    @Test
    void whetherThereIsSomethingToCheckIsAskedBeforeTheSanityCheck() {
        var scenario = scenario(Fields.EMPTY.with("max_epochs", 1));

        scenario.fit();

        var hooks = entered(scenario);
        int asked = hooks.indexOf("val_dataloader");
        assertEquals(asked + 1, hooks.indexOf("Callback.on_sanity_check_start"));
    }

    @Test
    void aTrainingThatGoesOnDoesNotStartAgain() {
        var first = scenario(Fields.EMPTY.with("max_epochs", 1));
        first.choose(config -> config.folder(folder));
        first.fit();
        var saved = SavedRun.below(folder.resolve("checkpoints")).getLast();
        var next = scenario(Fields.EMPTY.with("max_epochs", 2));
        next.choose(config -> config.folder(folder));

        next.fit(Resume.from(saved.place()));

        assertTrue(entered(first).contains("on_train_start"));
        assertFalse(entered(next).contains("on_train_start"));
        assertTrue(entered(next).contains("on_train_epoch_start"));
    }

    @Test
    void anEpochThatTheLimitOfStepsHasCutHasEnded() {
        var first = cutAfter(1);
        first.fit();
        var saved = SavedRun.below(folder.resolve("checkpoints")).getLast();
        var next = cutAfter(3);

        next.fit(Resume.from(saved.place()));

        assertEquals(
                List.of("1 0", "1 1"),
                next.events().each("training_step", place -> place.epoch() + " " + place.batch()));
    }

    private Scenario cutAfter(int steps) {
        var scenario = Scenario.of(new Keys("trainer", Fields.EMPTY.with("max_steps", steps)));
        scenario.choose(config -> config.folder(folder));
        return scenario;
    }

    @Test
    void theTotalOfValidationBatchesIsThatOfTheLastEpochThatValidated() {
        var scenario =
                scenario(Fields.EMPTY.with("max_epochs", 3).with("check_val_every_n_epoch", 2));

        scenario.fit();

        var state = TrainerState.ofFit(scenario.trainer().slots().fit().get());
        assertEquals(
                "2", state.at(VALIDATION_BATCHES, "total", "completed").orElseThrow().toString());
        assertEquals(1, scenario.events().count("on_validation_start") - 1);
    }

    @Test
    void aDataModuleIsAskedForItsSourcesAndTornDown() {
        var scenario = scenario(Fields.EMPTY);

        scenario.test();

        assertEquals(
                List.of(
                        "prepare_data",
                        "setup(stage=test)",
                        "test_dataloader",
                        "teardown(stage=test)"),
                HookRecord.ofData(scenario.events().all()));
    }
}
