package loops.core;

/// Leaves the tree of loops at a safe point, because a run is to be gone on with later. Only the trainer throws and
/// catches it.
final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interruption(String reason) {
        super(reason, null, true, false);
    }
}
