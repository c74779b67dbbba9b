import org.jspecify.annotations.NullMarked;

/// What a loop is: the protocol of a run, its places for child loops, its progress and its state.
///
/// Knows nothing of tensors.
@NullMarked
module loops.api {
    requires static transitive org.jspecify;
}
