package loops.core;

import loops.core.training.Callback;
import loops.core.training.DataModule;

/// A small trainer, and what it trains on.
final class SmallFits {
    private SmallFits() {}

    static Trainer trainer(int epochs, Callback... callbacks) {
        return Trainer.of(config -> config.maxEpochs(epochs).callbacks(callbacks));
    }

    static Slope fitted(Trainer trainer) {
        var module = new Slope();
        trainer.fit(module, data());
        return module;
    }

    /// Epochs of two steps.
    static DataModule data() {
        return Slope.data(Slope.points(4, 2));
    }
}
