package tensor.layout;

import java.util.List;

/// Shapes that do not fit together, or an axis that a shape does not have.
///
/// The message names the operation and all numbers involved; [#shapes] has the shapes as values.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// Not serialized: a shape is no data format.
    private final transient List<Shape> shapes;

    /// Makes an exception about the given shapes.
    ///
    /// @param message `<where>: <what is wrong, with the numbers>`
    /// @param shapes the shapes that the message is about, in its order
    public ShapeException(String message, Shape... shapes) {
        super(message);
        this.shapes = List.of(shapes);
    }

    /// {@return the shapes that the message is about, in its order}
    public List<Shape> shapes() {
        return shapes;
    }
}
