package loops.api;

/// One run of a tree, from its root: what all its loops share while it lasts.
final class RunContext {
    private final SafePoints watcher;
    private final SafePoint point;
    private int atomicDepth;

    RunContext(Loop<?, ?> root, SafePoints watcher) {
        this.watcher = watcher;
        this.point = new SafePoint(root);
    }

    void safePoint(Loop<?, ?> at) {
        if (!atomic()) {
            point.announce(at, watcher);
        }
    }

    boolean atSafePoint() {
        return point.open();
    }

    /// {@return whether no safe point is announced here}
    boolean atomic() {
        return atomicDepth > 0;
    }

    void enterAtomic() {
        atomicDepth++;
    }

    void leaveAtomic() {
        atomicDepth--;
    }
}
