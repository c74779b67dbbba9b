package tensor.cpu;

import java.util.List;
import java.util.stream.IntStream;

/// The copies of a template of the innermost loop, each made when it is first needed: for both ways in which the
/// left matrix is packed, and for fewer rows and columns than a tile has, so that a product with a vector is not computed
/// twelve times. Few, for each has to be compiled before it is fast.
///
/// @param <K> the interface of the loop
final class TileKernels<K> {
    /// The numbers of rows that there is a copy for, up to those of a tile.
    private static final int[] ROWS =
            Tiles.ROWS == 12 ? new int[] {1, 4, 8, 12} : new int[] {1, 4, 6};

    private final List<Once<K>> copies;

    /// @param template takes the distance of two rows and of two `k` in the array of the left matrix, the number of rows and
    ///     of vectors
    /// @param rowStep the distance of two rows of the left matrix if it is packed in rows
    TileKernels(Class<? extends K> template, Class<K> kernel, int rowStep) {
        copies =
                IntStream.range(0, 4 * ROWS.length)
                        .mapToObj(i -> {
                            boolean panels = (i & 1) != 0;
                            return new Once<>(() ->
                                    Specialize.copy(
                                            template,
                                            kernel,
                                            panels ? 1 : rowStep,
                                            panels ? Tiles.ROWS : 1,
                                            ROWS[i / 4],
                                            (i & 2) != 0 ? 2 : 1));
                        })
                        .toList();
    }

    /// {@return the copy for these matrices}
    ///
    /// @param panels whether the left one is packed in panels, else in rows
    /// @param rows how many are needed, up to those of a tile
    /// @param two whether two vectors are needed, else one
    K get(boolean panels, int rows, boolean two) {
        int size = 0;
        while (ROWS[size] < rows) {
            size++;
        }
        return copies.get(4 * size + (two ? 2 : 0) + (panels ? 1 : 0)).get();
    }
}
