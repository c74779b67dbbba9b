package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What is never cut: a loop that says so, and a child inside `once`.
class AtomicLoopTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void anAtomicLoopHasNoSafePointsInside() {
        var seen = new ArrayList<String>();
        var atomic =
                new Steps.Outer("middle", 2, new Steps("leaf", 2)) {
                    @Override
                    protected boolean atomic() {
                        return true;
                    }
                };

        new Steps.Outer("outer", 1, atomic).run(log, point -> seen.add(point.path()));

        assertEquals(List.of("", "", ""), seen);
    }

    @Test
    void anAtomicLoopKeepsNoRules() {
        var atomic =
                new Steps.Outer("middle", 1, new Unsaved("leaf", 1)) {
                    @Override
                    protected boolean atomic() {
                        return true;
                    }

                    @Override
                    protected void advance(List<String> in) {
                        count.set(count.get() + 1);
                        child.run(in);
                        child.run(in);
                    }
                };

        assertEquals("outer ended", new Steps.Outer("outer", 1, atomic).run(log));
    }

    @Test
    void aChildInsideOnceIsNotCut() {
        var seen = new ArrayList<String>();
        Supplier<Steps.Outer> fresh =
                () ->
                        new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                            @Override
                            protected void advance(List<String> in) {
                                String said = once("probe", Codec.TEXT, () -> child.run(in));
                                in.add(said);
                                child.run(in);
                                count.set(1);
                            }
                        };

        fresh.get().run(log, point -> seen.add(point.path()));
        assertEquals(List.of("", "child", "child", "", ""), seen);

        var state = Cuts.at(1, fresh.get(), new ArrayList<>());
        var loop = fresh.get();
        loop.loadStateDict(state);
        log.clear();
        loop.run(log);
        assertEquals(List.of("outer.onResume", "inner ended", "inner.onResume"), log.subList(0, 3));
    }
}
