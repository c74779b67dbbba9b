import org.jspecify.annotations.NullMarked;

/// What models are made of: modules, optimizers, data and tensor files.
@NullMarked
module tensor.nn {
    requires de.siegmar.fastcsv;
    requires static transitive org.jspecify;
    requires transitive tensor.api;
    requires tools.jackson.core;
}
