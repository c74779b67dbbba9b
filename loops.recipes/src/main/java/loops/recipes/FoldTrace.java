package loops.recipes;

import java.util.Arrays;
import java.util.Optional;

/// Says in which fold something was thrown. It hangs on the thrown object as a suppressed one, so that what user code
/// throws arrives unchanged.
public final class FoldTrace extends Exception {
    private static final long serialVersionUID = 1L;

    private final int fold;

    private FoldTrace(int fold, int folds) {
        super("in fold %d of 0 to %d".formatted(fold, folds - 1), null, false, false);
        this.fold = fold;
    }

    /// Marks a thrown object with the innermost fold that it comes from.
    static void mark(Throwable thrown, int fold, int folds) {
        if (of(thrown).isEmpty()) {
            thrown.addSuppressed(new FoldTrace(fold, folds));
        }
    }

    /// {@return the fold in which something was thrown, if it was in one}
    ///
    /// @param thrown what a run threw
    public static Optional<FoldTrace> of(Throwable thrown) {
        return Arrays.stream(thrown.getSuppressed())
                .filter(FoldTrace.class::isInstance)
                .map(FoldTrace.class::cast)
                .findFirst();
    }

    /// {@return the number of the fold, from 0}
    public int fold() {
        return fold;
    }
}
