import org.jspecify.annotations.NullMarked;

/// Loops ready to use, each a plain user of the public API.
@NullMarked
module loops.recipes {
    requires transitive loops.core;
    requires static transitive org.jspecify;
}
