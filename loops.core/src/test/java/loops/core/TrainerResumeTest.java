package loops.core;

import static loops.core.SmallFits.data;
import static loops.core.SmallFits.fitted;
import static loops.core.SmallFits.trainer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From where a run goes on.
class TrainerResumeTest {
    @TempDir private Path folder;

    @Test
    void theBestIsThatOfTheFirstCallback() {
        var best = ModelCheckpoint.best(folder.resolve("best"), "epoch", Mode.MIN);
        var newest = ModelCheckpoint.newest(folder.resolve("newest"));
        var trainer = trainer(2, best, newest);
        var module = fitted(trainer);
        var trained = module.values();

        try (var warnings = new WarningsHeard()) {
            trainer.validate(module, data(), Resume.best());

            assertEquals(
                    List.of(
                            "Resume.best: there are 2 ModelCheckpoints; the best of the first, in %s, is taken"
                                    .formatted(folder.resolve("best"))),
                    warnings.lines());
        }
        assertEquals(best.best(), trainer.resumedFrom());
        assertFalse(trained.equals(module.values()));
        trainer.test(module, data());
        assertEquals(Optional.empty(), trainer.resumedFrom());
    }

    @Test
    void aFitGoesOnFromTheBestToo() {
        var trainer = trainer(2, ModelCheckpoint.best(folder, "epoch", Mode.MIN));
        fitted(trainer);

        var again = trainer.fit(new Slope(), data(), Resume.best());

        assertEquals(2, again.epochs());
        assertEquals(Optional.of(folder.resolve("epoch=0-step=2.ckpt")), trainer.resumedFrom());
    }

    @Test
    void whereThereIsNoBestItIsAnError() {
        assertRefused(
                "Resume.best: the trainer has no ModelCheckpoint; give it one, or name a checkpoint by Resume.from(..)",
                trainer(1),
                Resume.best());
        assertRefused(
                "Resume.best: the ModelCheckpoint of '%s' has saved no best checkpoint; fit first, and keep at least one"
                        .formatted(folder),
                trainer(1, ModelCheckpoint.of(folder, c -> c.keep(0))),
                Resume.best());
    }

    private static void assertRefused(String message, Trainer trainer, Resume resume) {
        List<Consumer<Slope>> runs =
                List.of(
                        module -> trainer.fit(module, data(), resume),
                        module -> trainer.validate(module, data(), resume),
                        module -> trainer.test(module, data(), resume),
                        module -> trainer.predict(module, data(), resume));
        for (var run : runs) {
            var refused = assertThrows(IllegalStateException.class, () -> run.accept(new Slope()));
            assertEquals(message, refused.getMessage());
        }
    }

    @Test
    void theLastIsFoundByAnotherTrainerToo() {
        fitted(trainer(1, last()));
        var other = trainer(2, last());

        var result = other.fit(new Slope(), data(), Resume.last());

        assertEquals(Optional.of(folder.resolve("last.ckpt")), other.resumedFrom());
        assertEquals(4, result.globalStep());
    }

    @Test
    void theLastOfSeveralIsTheNewest() {
        fitted(trainer(1, last()));
        fitted(trainer(1, last()));
        var other = trainer(1, last());

        other.fit(new Slope(), data(), Resume.last());

        assertEquals(Optional.of(folder.resolve("last-v1.ckpt")), other.resumedFrom());
    }

    @Test
    void whereThereIsNoLastTheRunStartsAnewAndSaysSo() {
        try (var warnings = new WarningsHeard()) {
            var trainer = trainer(1, ModelCheckpoint.newest(folder));

            var result = trainer.fit(new Slope(), data(), Resume.last());

            assertEquals(2, result.globalStep());
            assertEquals(Optional.empty(), trainer.resumedFrom());
            assertEquals(
                    List.of(
                            "Resume.last: nothing was left to go on from, so the run starts anew; let a ModelCheckpoint saveLast()"),
                    warnings.lines());
        }
    }

    @Test
    void aCheckpointThatIsNotThereIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                trainer(1)
                                        .fit(
                                                new Slope(),
                                                data(),
                                                Resume.from(folder.resolve("none.ckpt"))));

        assertEquals(
                "Resume.from: there is no '%s'; name the folder of a checkpoint"
                        .formatted(folder.resolve("none.ckpt")),
                refused.getMessage());
    }

    @Test
    void aCheckpointOfMoreEpochsThanAreToBeTrainedIsRefused() {
        fitted(trainer(4, last()));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> trainer(1, last()).fit(new Slope(), data(), Resume.last()));

        assertEquals(
                "FitLoop: the checkpoint has trained 4 epochs, maxEpochs is 1; use a number from 4, or an earlier checkpoint",
                refused.getMessage());
    }

    @Test
    void everythingIsRestoredBeforeTheFirstHookOfTheFit() {
        fitted(trainer(2, last()));
        var seen = new ArrayList<String>();

        trainer(3, last(), new Heard(seen)).fit(new Slope(), data(), Resume.last());

        assertEquals("onFitStart: epoch 2, step 4", seen.getFirst());
    }

    @Test
    void aMeasurementOfACheckpointBelongsToItsEpoch() {
        var trainer = trainer(3, last(), new Heard(new ArrayList<>()));
        var module = fitted(trainer);
        var seen = new ArrayList<String>();

        trainer(1, last(), new Heard(seen)).test(module, data(), Resume.last());
        trainer(1, last(), new Heard(seen)).test(module, data());

        assertEquals(List.of("onTestStart: epoch 2, step 0", "onTestStart: epoch 0, step 0"), seen);
    }

    @Test
    void aTrainerWithAFolderKnowsTheCallbackThatItAdds() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).folder(folder));
        fitted(trainer);

        var added = assertInstanceOf(ModelCheckpoint.class, trainer.callbacks().getFirst());

        assertEquals(folder.resolve("checkpoints"), added.folder());
        trainer.test(new Slope(), data(), Resume.best());
        assertEquals(added.best(), trainer.resumedFrom());
        assertEquals(List.of(), Trainer.of(config -> config.checkpointing(false)).callbacks());
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                Trainer.of(config ->
                                        config.checkpointing(false)
                                                .callbacks(ModelCheckpoint.newest(folder))));
        assertEquals(
                "Trainer: checkpointing(false) and ModelCheckpoint, which saves; leave one of them out",
                refused.getMessage());
    }

    private ModelCheckpoint last() {
        return ModelCheckpoint.of(folder, c -> c.keep(0).saveLast());
    }
}
