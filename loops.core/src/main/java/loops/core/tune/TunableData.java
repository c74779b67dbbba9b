package loops.core.tune;

import loops.core.training.DataModule;

/// Data whose batches may have any size.
public interface TunableData extends DataModule {

    /// {@return the same data in batches of another size} A pure function: asked again after a resume, it gives the same.
    ///
    /// @param size the samples of a batch, from 1
    DataModule batchSize(int size);
}
