package loops.recipes;

import java.util.List;
import loops.core.training.DataModule;
import tensor.data.BatchSource;

/// The data of active learning: a pool of samples, numbered from 0, most of which have no label yet.
///
/// Its test batches are those on which every round is measured; they are not in the pool. All are pure functions: asked
/// again after a resume, they give the same.
public interface PoolData extends DataModule {
    /// {@return how many samples the pool has, with and without a label}
    int poolSize();

    /// {@return what a round learns from, and what it is validated on}
    ///
    /// @param samples those that have a label, in the order in which they got it
    DataModule labelled(List<Labelled> samples);

    /// {@return batches of some samples, in their order, as the module's `predictStep` takes them}
    ///
    /// @param samples numbers of samples
    BatchSource unlabelled(List<Integer> samples);

    /// Refused: which samples have a label is known to the loop.
    ///
    /// @throws IllegalStateException always
    @Override
    default BatchSource trainBatches() {
        throw new IllegalStateException(
                "PoolData: asked for its training batches, which only the labels of a round make; fit it by an ActiveLearningLoop");
    }
}
