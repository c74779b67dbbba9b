package tensor.nn;

/// What of a weight decides how large its first values are.
public enum Fan {
    /// How many inputs an output has: outputs are then as large as inputs. The usual one.
    IN,

    /// How many outputs an input has: gradients are then as large on both sides.
    OUT;

    double of(Fans fans) {
        return switch (this) {
            case IN -> fans.in();
            case OUT -> fans.out();
        };
    }
}
