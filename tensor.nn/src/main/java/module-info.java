import org.jspecify.annotations.NullMarked;

/// What models are made of: modules, optimizers, data and tensor files.
///
/// The four packages do not know each other.
@NullMarked
module tensor.nn {
    requires de.siegmar.fastcsv;
    requires static transitive org.jspecify;
    requires transitive tensor.api;
    requires tools.jackson.core;

    exports tensor.data; // Dataset, DataLoader, CombinedSource, Batch, Splits
    exports tensor.io; // TensorFile, NpyFile, NpzFile, IdxFile, CsvFile
    exports tensor.nn; // Module, Layer, Functional, Init
    exports tensor.optim; // Optimizer, Sgd, Adam, Lbfgs, Scheduler, GradientTransform
}
