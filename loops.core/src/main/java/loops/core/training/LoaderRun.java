package loops.core.training;

import java.util.OptionalInt;
import tensor.data.BatchSource;

/// What the evaluation or prediction of one data loader works on.
///
/// @param evaluation the run that it belongs to
/// @param loaderIndex the data loader, from 0
public record LoaderRun(EvaluationRun evaluation, int loaderIndex) {

    /// {@return where the batches come from}
    public BatchSource source() {
        return evaluation.sources().get(loaderIndex);
    }

    /// {@return how many batches are taken, if that is known}
    public OptionalInt batchCount() {
        return evaluation.batchCount(loaderIndex);
    }
}
