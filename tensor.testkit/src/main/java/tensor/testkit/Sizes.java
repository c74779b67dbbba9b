package tensor.testkit;

import java.util.List;
import tensor.layout.Shape;

/// The sizes at which kernels go wrong: nothing, one, and around the number of vector lanes.
final class Sizes {
    static final List<Shape> AROUND_LANES =
            List.of(
                    Shape.scalar(),
                    Shape.of(0),
                    Shape.of(1),
                    Shape.of(7),
                    Shape.of(8),
                    Shape.of(9),
                    Shape.of(15),
                    Shape.of(16),
                    Shape.of(17),
                    Shape.of(1031),
                    Shape.of(0, 3),
                    Shape.of(3, 15),
                    Shape.of(16, 3),
                    Shape.of(1, 17),
                    Shape.of(5, 211),
                    Shape.of(2, 3, 17),
                    Shape.of(2, 1, 3, 4));

    private Sizes() {}
}
