package loops.recipes;

import loops.core.training.DataModule;

/// The data of a cross-validation: as a whole, and as its folds.
///
/// Its test batches are those on which the ensemble of all folds' models is measured; no fold may see them.
public interface FoldData extends DataModule {

    /// {@return the data of one fold: what it learns from, and what it is validated on} A pure function: asked again
    /// after a resume, it gives the same.
    ///
    /// @param index the fold, from 0
    /// @param folds how many there are
    DataModule fold(int index, int folds);
}
