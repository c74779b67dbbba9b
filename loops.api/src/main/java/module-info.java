import org.jspecify.annotations.NullMarked;

/// What a loop is: the protocol of a run, its places for child loops, its progress and its state.
///
/// Needs nothing but the JDK and knows nothing of tensors. Whoever writes loops of their own requires this module;
/// what training is, with models and optimizers, is in `loops.core`.
@NullMarked
module loops.api {
    requires static transitive org.jspecify;

    exports loops.api;
    exports loops.api.testkit;
}
