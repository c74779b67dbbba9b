package tensor.cpu;

import java.util.List;
import java.util.stream.IntStream;

/// The copies of a template of the innermost loop, each made when it is first needed: for each of the ways in which both
/// matrices can lie, and for fewer rows and columns than a tile has, so that a product with a vector is not computed
/// twelve times.
///
/// @param <K> the interface of the loop
final class TileKernels<K> {
    /// The numbers of rows that there is a copy for, up to those of a tile.
    private static final int[] ROWS = {1, 4, 6, 8, 12};

    private final List<Once<K>> copies;

    /// @param template takes the distance of two rows and of two `k` in the array of the left matrix, the distance of two
    ///     rows of the right one in bytes or 0 if it is an argument, the number of rows and of vectors
    /// @param rowStep the distance of two rows of the left matrix if it is packed in rows
    TileKernels(Class<? extends K> template, Class<K> kernel, int rowStep) {
        copies =
                IntStream.range(0, 8 * ROWS.length)
                        .mapToObj(i -> {
                            boolean panels = (i & 1) != 0;
                            return new Once<>(() ->
                                    Specialize.copy(
                                            template,
                                            kernel,
                                            panels ? 1 : rowStep,
                                            panels ? Tiles.ROWS : 1,
                                            (i & 2) != 0 ? Panels.ROW_BYTES : 0,
                                            ROWS[i / 8],
                                            (i & 4) != 0 ? 2 : 1));
                        })
                        .toList();
    }

    /// {@return the copy for these matrices}
    ///
    /// @param panels whether the left one is packed in panels, else in rows
    /// @param rightStep the distance of two rows of the right one in bytes
    /// @param rows how many are needed, up to those of a tile
    /// @param two whether two vectors are needed, else one
    K get(boolean panels, long rightStep, int rows, boolean two) {
        int size = 0;
        while (ROWS[size] < rows) {
            size++;
        }
        int way = (panels ? 1 : 0) + (rightStep == Panels.ROW_BYTES ? 2 : 0) + (two ? 4 : 0);
        return copies.get(8 * size + way).get();
    }
}
