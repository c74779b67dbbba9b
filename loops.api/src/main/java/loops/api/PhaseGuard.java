package loops.api;

/// Watches the reads and changes of one part, for the rule that makes replay exact.
///
/// After a resume the open phase is run again from its start with the parts as they were when the state was taken.
/// So what a phase decides before it runs a child must not rest on a value that it has changed by then. The guard
/// finds such a phase in its first run, without any save.
final class PhaseGuard {
    private final Loop<?, ?> owner;
    private final String name;

    // Made once, so that the watching leaves no garbage.
    private final String changed;
    private final String readAndChanged;

    private long readIn = -1;

    PhaseGuard(Loop<?, ?> owner, String name) {
        this.owner = owner;
        this.name = name;
        this.changed = "'" + name + "' was changed";
        this.readAndChanged = "'" + name + "' was read and then changed";
    }

    void read() {
        var open = owner.machine().open();
        if (!open.inOnce()) {
            readIn = open.watched();
        }
    }

    void change() {
        var open = owner.machine().open();
        open.refuseChangeIfPure(name);
        long phase = open.watched();
        if (phase < 0) {
            return;
        }
        if (!open.inOnce()) {
            open.noteUnsafe(changed);
        } else if (readIn == phase) {
            open.noteUnsafe(readAndChanged);
        }
    }
}
