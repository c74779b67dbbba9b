package tensor.spi;

import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// A storage and how an operation sees it: what goes into and comes out of a [Backend].
///
/// As an input it may have any layout; the backend copies it first or exploits the layout, as it
/// likes.
///
/// @param storage the memory
/// @param layout where the elements lie in it
public record Operand(Storage storage, Layout layout) {

    /// {@return the sizes of the axes}
    public Shape shape() {
        return layout.shape();
    }

    /// {@return the type of the elements}
    public DType dtype() {
        return storage.dtype();
    }
}
