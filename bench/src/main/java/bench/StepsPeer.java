package bench;

import bench.steps.DjlStep;
import bench.steps.LibtorchStep;
import bench.steps.ScalarStep;
import bench.steps.Work;
import java.util.Locale;

/// Who makes the same training steps.
enum StepsPeer {
    /// Called directly.
    LIBTORCH {
        @Override
        Side step(Work work, int threads) {
            return new LibtorchStep(work, threads);
        }
    },

    /// With its PyTorch engine.
    DJL {
        @Override
        Side step(Work work, int threads) {
            return new DjlStep(work, threads);
        }
    },

    /// Ours, where the Vector API is missing.
    SCALAR {
        @Override
        Side step(Work work, int threads) {
            return new ScalarStep(work, threads);
        }
    };

    /// {@return its step of this work}
    ///
    /// @param work what is learned
    /// @param threads how many compute
    /// @throws LinkageError if its native library is not there
    abstract Side step(Work work, int threads);

    /// {@return its name, as on the command line and in a table}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
