package examples;

import java.io.IOException;
import java.util.function.Supplier;
import loops.core.Trainer;
import loops.core.training.TrainingModule;
import loops.recipes.Ensemble;
import loops.recipes.KFoldLoop;

/// The models of all folds of a cross-validation of ratings.
final class FactorFolds extends Ensemble<TrainingModule> {
    /// @param factory makes the model of a fold
    FactorFolds(int folds, Supplier<TrainingModule> factory) {
        super(folds, factory);
    }

    /// {@return the root of the mean squared error, the mean over the folds}
    ///
    /// @param trainer trains them by a [KFoldLoop]
    double rmse(Trainer trainer, Checkpointing saved, RatingFolds data) throws IOException {
        saved.fit(trainer, this, data);
        return trainer.slots().fit().get(KFoldLoop.class).results().stream()
                .mapToDouble(fold -> Math.sqrt(fold.fit().metric("val_mse")))
                .average()
                .orElseThrow();
    }
}
