package loops.api;

/// A moment at which the whole tree can be saved: some loop of it stands between two steps.
///
/// One object serves all safe points of a run; it answers only while [SafePoints#reached] is called with it.
public final class SafePoint {
    private final Loop<?, ?> root;
    private Loop<?, ?> at;
    private boolean open;

    SafePoint(Loop<?, ?> root) {
        this.root = root;
        this.at = root;
    }

    void announce(Loop<?, ?> loop, SafePoints watcher) {
        at = loop;
        open = true;
        try {
            watcher.reached(this);
        } finally {
            open = false;
        }
    }

    boolean open() {
        return open;
    }

    /// {@return the state of the whole tree, from its root}
    ///
    /// @throws IllegalStateException after the call that this was handed to
    public LoopState.Fields state() {
        requireOpen();
        return root.stateDict();
    }

    /// {@return the path of the loop that stands between two steps}
    ///
    /// @throws IllegalStateException after the call that this was handed to
    public String path() {
        requireOpen();
        return at.path();
    }

    /// {@return whether the root has ended: only its output is left}
    ///
    /// @throws IllegalStateException after the call that this was handed to
    public boolean ended() {
        requireOpen();
        return root.machine().open().phase() == Phase.ENDED;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException(
                    "SafePoint: used after its call; take the state inside reached(...)");
        }
    }
}
