package examples;

import java.util.List;
import loops.core.training.DataModule;
import tensor.data.BatchSource;

/// Windows of a novel.
///
/// @param trainBatches what is learned from
/// @param rest what is tested on
record CharData(BatchSource trainBatches, BatchSource rest) implements DataModule {
    @Override
    public List<BatchSource> testBatches() {
        return List.of(rest);
    }
}
