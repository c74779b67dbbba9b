package loops.api;

import java.util.List;
import java.util.Optional;

/// A loop that writes down what is called, for tests to override.
class Steps extends Loop<List<String>, String> {
    final Cell<Integer> count = cell("count", 0);
    private final String name;
    private final int limit;

    Steps(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    void say(List<String> log, String what) {
        log.add(name + "." + what);
    }

    @Override
    protected void reset(List<String> log) {
        say(log, "reset");
        count.set(0);
    }

    @Override
    protected boolean done(List<String> log) {
        return count.get() >= limit;
    }

    @Override
    protected void onRunStart(List<String> log) {
        say(log, "onRunStart");
    }

    @Override
    protected void onAdvanceStart(List<String> log) {
        say(log, "onAdvanceStart");
    }

    @Override
    protected void advance(List<String> log) {
        say(log, "advance");
        count.set(count.get() + 1);
    }

    @Override
    protected void onAdvanceEnd(List<String> log) {
        say(log, "onAdvanceEnd");
    }

    @Override
    protected String onRunEnd(List<String> log) {
        say(log, "onRunEnd");
        return name + " ended";
    }

    @Override
    protected void onResume(List<String> log) {
        say(log, "onResume");
    }

    @Override
    protected Optional<Codec<String>> outputCodec() {
        return Optional.of(Codec.TEXT);
    }

    /// {@return a loop with a child of one step, which it runs in each of its own}
    static Outer outer(int limit) {
        return new Outer("outer", limit, new Steps("inner", 1));
    }

    /// A loop with a child, which it runs in each step.
    static class Outer extends Steps {
        final Slot<List<String>, String> child;

        Outer(String name, int limit, Loop<List<String>, String> loop) {
            super(name, limit);
            child = slot("child", loop);
        }

        @Override
        protected void advance(List<String> log) {
            child.run(log);
            super.advance(log);
        }
    }
}
