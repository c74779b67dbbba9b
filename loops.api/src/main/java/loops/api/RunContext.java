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
        if (atomicDepth == 0) {
            point.announce(at, watcher);
        }
    }

    boolean atSafePoint() {
        return point.open();
    }

    void enterAtomic() {
        atomicDepth++;
    }

    void leaveAtomic() {
        atomicDepth--;
    }
}
