package examples;

import java.util.List;
import java.util.Locale;
import loops.core.Trainer;
import loops.core.training.DataModule;
import loops.recipes.StreamEvaluationLoop;
import loops.recipes.TaskSource;
import loops.recipes.TbpttLoop;
import tensor.api.RandomKey;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Sampler;
import tensor.data.TensorDataset;

/// The networks that [CharModel] knows, with what each learns from and by which loops.
enum CharNet {
    /// Goes through 32 streams of the text side by side, 64 characters a step.
    LSTM(1.55) {
        @Override
        CharLearner learner(Novel novel, boolean small, long steps) {
            int characters = novel.alphabet().length();
            return small ? new CharLstm(characters, 8, 16) : new CharLstm(characters, 64, 256);
        }

        @Override
        void replaceLoops(Trainer trainer) {
            // @start region=replace
            trainer.slots().optimizer().replace(old -> new TbpttLoop());
            trainer.slots().testEpoch().replace(old -> new StreamEvaluationLoop());
            // @end region=replace
        }

        @Override
        DataModule data(Novel novel, RandomKey key, long steps) {
            return new CharData(
                    streams(novel.windows(true, 64)), streams(novel.windows(false, 64)));
        }

        // @start region=streams
        private static BatchSource streams(TensorDataset windows) {
            return DataLoader.of(
                    windows,
                    config -> config.batchSize(32).sampler(Sampler.streams(windows.size(), 32)));
        }
        // @end region=streams
    },

    /// Looks at 12 windows a step, which lie anywhere.
    TRANSFORMER(1.78) {
        @Override
        CharLearner learner(Novel novel, boolean small, long steps) {
            int characters = novel.alphabet().length();
            return small
                    ? new CharTransformer(characters, 1, 16, steps)
                    : new CharTransformer(characters, 4, 128, steps);
        }

        @Override
        void replaceLoops(Trainer trainer) {}

        @Override
        DataModule data(Novel novel, RandomKey key, long steps) {
            var drawn =
                    new TaskSource(
                            Math.toIntExact(steps),
                            key,
                            each -> novel.draw(each, 12, CharTransformer.PLACES));
            var rest = novel.windows(false, CharTransformer.PLACES);
            return new CharData(drawn, DataLoader.of(rest, config -> config.batchSize(64)));
        }
    };

    private final double wanted;

    CharNet(double wanted) {
        this.wanted = wanted;
    }

    /// {@return the most nats a character that the whole run must come to}
    double wanted() {
        return wanted;
    }

    /// {@return the network}
    ///
    /// @param small whether it is only to show that it works
    /// @param steps how long it is trained
    abstract CharLearner learner(Novel novel, boolean small, long steps);

    /// Puts the loops in their places that the network needs.
    abstract void replaceLoops(Trainer trainer);

    /// {@return what is learned from, and the rest of the novel to be tested on}
    ///
    /// @param key where all that is drawn comes from
    /// @param steps how long it is trained
    abstract DataModule data(Novel novel, RandomKey key, long steps);

    /// Reads the name of a network.
    static final class Reader extends OneOf<CharNet> {
        Reader() {
            super(List.of(values()));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
