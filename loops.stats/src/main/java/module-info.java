import org.jspecify.annotations.NullMarked;

/// Confidence intervals and tests over the results of repeated runs.
@NullMarked
// commons-math3 has no module descriptor; its name is derived from its file. It stays in this leaf.
@SuppressWarnings("requires-automatic")
module loops.stats {
    requires commons.math3;
    requires static transitive org.jspecify;

    exports loops.stats;
}
