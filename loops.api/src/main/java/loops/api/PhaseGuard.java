package loops.api;

/// Watches the reads and changes of one part, for the rule that makes replay exact.
///
/// After a resume the open phase is run again from its start with the parts as they were when the state was taken.
/// So what a phase decides before it runs a child must not rest on a value that it has changed by then. The guard
/// finds such a phase in its first run, without any save.
final class PhaseGuard {
    private final Loop<?, ?> owner;
    private final String name;
    private long readIn = -1;

    PhaseGuard(Loop<?, ?> owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    void read() {
        var machine = owner.machine();
        if (!machine.inOnce()) {
            readIn = machine.watchedPhase();
        }
    }

    void change() {
        var machine = owner.machine();
        machine.refuseChangeIfPure(name);
        long phase = machine.watchedPhase();
        if (phase < 0) {
            return;
        }
        if (!machine.inOnce()) {
            machine.noteUnsafeChange("'" + name + "' was changed");
        } else if (readIn == phase) {
            machine.noteUnsafeChange("'" + name + "' was read and then changed");
        }
    }
}
