package loops.core.training;

import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import tensor.data.BatchSource;

/// The data of a run: where the batches of each activity come from.
///
/// A source is asked for its batches by epoch and position, so it has no state of its own. A data module that has
/// some, such as a growing pool of labels, overrides [#stateDict] and [#loadStateDict].
public interface DataModule extends Stateful {

    /// Called before anything else in each run, to fetch what is missing. Default: nothing.
    default void prepareData() {}

    /// Called before a run asks for sources. Default: nothing.
    ///
    /// @param activity what is going to be done
    default void setup(Activity activity) {}

    /// Called when a run is over, also after an exception. Default: nothing.
    ///
    /// @param activity what was done
    default void teardown(Activity activity) {}

    /// {@return the batches to learn from} Sources are asked for once in a run, or once in so many epochs, as the plan
    /// says.
    BatchSource trainBatches();

    /// {@return the sources to validate on; none by default}
    default List<BatchSource> validationBatches() {
        return List.of();
    }

    /// {@return the sources to test on; none by default}
    default List<BatchSource> testBatches() {
        return List.of();
    }

    /// {@return the sources to predict for; none by default}
    default List<BatchSource> predictionBatches() {
        return List.of();
    }

    /// {@return a data module of training batches alone}
    ///
    /// @param train the batches to learn from
    static DataModule of(BatchSource train) {
        return of(train, List.of());
    }

    /// {@return a data module of training and validation batches}
    ///
    /// @param train the batches to learn from
    /// @param validation the batches to validate on
    static DataModule of(BatchSource train, BatchSource validation) {
        return of(train, List.of(validation));
    }

    private static DataModule of(BatchSource train, List<BatchSource> validation) {
        return new DataModule() {
            @Override
            public BatchSource trainBatches() {
                return train;
            }

            @Override
            public List<BatchSource> validationBatches() {
                return validation;
            }
        };
    }

    @Override
    default Fields stateDict() {
        return Fields.empty();
    }

    @Override
    default void loadStateDict(Fields state) {}
}
