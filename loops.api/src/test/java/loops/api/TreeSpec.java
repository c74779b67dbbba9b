package loops.api;

import java.util.List;
import java.util.Set;

/// What one loop of a random tree does, and the loops below it. Any value makes sense: [SpecLoop] sees to it that
/// the loop keeps the rules of replay.
///
/// @param limit how many steps it makes
/// @param least how many steps it makes even if a stop was asked for
/// @param traits what else it is like
/// @param scripts what it does in each of the five methods that may run children
/// @param children the loops below
record TreeSpec(
        int limit, int least, Set<Trait> traits, List<List<Act>> scripts, List<TreeSpec> children) {

    /// The methods of [#scripts], by their place.
    static final int RUN_START = 0;

    static final int ADVANCE_START = 1;
    static final int ADVANCE = 2;
    static final int ADVANCE_END = 3;
    static final int RUN_END = 4;

    /// What a loop may be like.
    enum Trait {
        /// It cannot be cut, and keeps none of the rules.
        ATOMIC,
        /// It is left out at some places.
        SKIPS,
        /// Its output cannot be saved, if nothing needs that.
        NO_CODEC,
        /// Its output is `null`.
        NO_OUTPUT,
        /// Its step throws at some places, if the loop above can go on.
        THROWS,
        /// It lets its held object go at the end of each run.
        LETS_GO
    }

    /// Something done in a script.
    ///
    /// @param kind what
    /// @param slot which child, if any
    /// @param when under which condition
    record Act(Kind kind, int slot, When when) {
        boolean mayBeCut() {
            return kind == Kind.CHILD;
        }

        @Override
        public String toString() {
            return kind + (kind == Kind.CHILD || kind == Kind.ONCE_CHILD ? slot + "/" + when : "");
        }
    }

    /// What a script is made of.
    enum Kind {
        EVENT,
        FIRE,
        DRAW,
        CELL,
        HELD,
        DERIVED,
        PROGRESS,
        STOP,
        CHILD,
        ONCE_CHILD
    }

    /// When a child is run.
    enum When {
        ALWAYS,
        BY_INPUT,
        BY_DRAW,
        BY_CELL
    }

    /// {@return whether child `slot` is, wherever it runs, the last that can be cut in its method}
    boolean alwaysLast(int slot) {
        for (List<Act> script : scripts) {
            int last = lastCut(script);
            for (int i = 0; i < script.size(); i++) {
                var act = script.get(i);
                if (act.mayBeCut() && childOf(act) == slot && i != last) {
                    return false;
                }
            }
        }
        return true;
    }

    /// {@return the place of the child that an act runs}
    int childOf(Act act) {
        return act.slot() % children.size();
    }

    static int lastCut(List<Act> script) {
        int last = -1;
        for (int i = 0; i < script.size(); i++) {
            if (script.get(i).mayBeCut()) {
                last = i;
            }
        }
        return last;
    }
}
