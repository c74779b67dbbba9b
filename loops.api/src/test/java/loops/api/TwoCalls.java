package loops.api;

import java.util.List;

/// Runs its child twice in its only step.
class TwoCalls extends Steps.Outer {
    TwoCalls(Loop<List<String>, String> inner) {
        super("outer", 1, inner);
    }

    @Override
    protected void advance(List<String> in) {
        String first = child.run(in);
        String second = child.run(in);
        in.add("got " + first + " and " + second);
        count.set(1);
    }
}
