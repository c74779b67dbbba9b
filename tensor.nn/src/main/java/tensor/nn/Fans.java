package tensor.nn;

import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// How many inputs and outputs one element of a weight `[out, in, …]` connects.
///
/// @param in inputs of an output
/// @param out outputs of an input
record Fans(double in, double out) {
    static Fans of(String where, Shape shape) {
        if (shape.rank() < 2) {
            throw new ShapeException(
                    where
                            + ": "
                            + shape
                            + " has no inputs and outputs; a weight has shape [out, in, …]",
                    shape);
        }
        double field = 1;
        for (int axis = 2; axis < shape.rank(); axis++) {
            field *= shape.size(axis);
        }
        return new Fans(shape.size(1) * field, shape.size(0) * field);
    }
}
