package loops.core.training;

import java.util.HashSet;
import java.util.Set;

/// What people have been told in a fit. Each thing is told once, however often it is found.
///
/// It holds no state: a resumed fit tells it again.
public final class Notices {
    private final Set<String> told = new HashSet<>();

    Notices() {}

    /// {@return whether something is to be told now} Of the same thing that holds once.
    ///
    /// @param what a name for it
    public boolean toBeTold(String what) {
        return told.add(what);
    }
}
