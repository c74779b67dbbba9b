import org.jspecify.annotations.NullMarked;

/// Pictures as tensors. A module of its own, so that nothing else needs `java.desktop`.
@NullMarked
module tensor.image {
    requires java.desktop;
    requires static transitive org.jspecify;
    requires transitive tensor.nn;

    exports tensor.image; // ImageFile, Channels
}
