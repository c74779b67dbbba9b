import org.jspecify.annotations.NullMarked;

/// Loops ready to use: procedures beyond the plain fit, each a user of the public API like any other.
@NullMarked
module loops.recipes {
    requires static transitive org.jspecify;
    requires transitive loops.core;

    exports loops.recipes;
}
