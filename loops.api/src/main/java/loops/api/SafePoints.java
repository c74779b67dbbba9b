package loops.api;

/// Told of every safe point of a run, so that it can save there.
@FunctionalInterface
public interface SafePoints {
    /// Saves nowhere.
    SafePoints NONE = point -> {};

    /// Called at each safe point: between two steps of some loop of the tree, and once after the root has ended.
    ///
    /// @param point gives the state; valid during this call only
    void reached(SafePoint point);
}
