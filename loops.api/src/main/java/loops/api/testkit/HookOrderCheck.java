package loops.api.testkit;

import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import loops.api.Call;
import loops.api.Explanation;

/// Compares the hooks that a run called with what its tree says of itself, see [loops.api.HookOrder].
public final class HookOrderCheck {
    private final List<String> called;
    private int furthest;
    private final TreeSet<String> expected = new TreeSet<>();

    private HookOrderCheck(List<String> called) {
        this.called = List.copyOf(called);
    }

    /// Requires that the hooks are those of a run from its start to its normal end: any number of steps of each loop,
    /// with or without what is called on a condition.
    ///
    /// @param tree what the root of the tree says: `loop.explain()`
    /// @param called the names of the hooks, in the order in which they were called
    /// @throws AssertionError at the first hook that cannot stand there, naming it, the one before and those that can
    public static void follows(Explanation tree, List<String> called) {
        new HookOrderCheck(called).check(tree);
    }

    private void check(Explanation tree) {
        var start = new BitSet();
        start.set(0);
        if (!ofLoop(tree, start).get(called.size())) {
            throw new AssertionError(
                    "HookOrderCheck: %s after %s; the tree %s %s"
                            .formatted(
                                    furthest == called.size()
                                            ? "the run ends"
                                            : "'" + called.get(furthest) + "' is called",
                                    furthest == 0
                                            ? "nothing"
                                            : "'%s' (%d of %d)"
                                                    .formatted(
                                                            called.get(furthest - 1),
                                                            furthest,
                                                            called.size()),
                                    tree.type(),
                                    expected.isEmpty()
                                            ? "has ended there"
                                            : "says one of " + expected));
        }
    }

    // Each of these takes the places from which something may be called and gives those after it.

    private BitSet ofLoop(Explanation loop, BitSet from) {
        var skipped = of("onSkip", loop, from);
        var before = of("onRunStart", loop, of("reset", loop, from));
        var steps =
                anyNumber(
                        before,
                        at ->
                                of(
                                        "onAdvanceEnd",
                                        loop,
                                        of("advance", loop, of("onAdvanceStart", loop, at))));
        var ends = of("onRunEnd", loop, steps);
        if (loop.methods().stream().anyMatch(method -> method.name().equals("skip"))) {
            ends.or(skipped);
        }
        return ends;
    }

    private BitSet of(String method, Explanation loop, BitSet from) {
        var at = from;
        for (Explanation.Filled filled : loop.methods()) {
            if (filled.name().equals(method)) {
                at = inOrder(filled.calls(), loop, at);
            }
        }
        return (BitSet) at.clone();
    }

    private BitSet inOrder(List<Call> calls, Explanation loop, BitSet from) {
        var at = from;
        for (Call call : calls) {
            at = of(call, loop, at);
        }
        return at;
    }

    private BitSet of(Call call, Explanation loop, BitSet from) {
        return switch (call) {
            case Call.ToHook(String name) -> hook(name, from);
            case Call.ToChild(String slot) -> ofLoop(child(loop, slot), from);
            case Call.When(_, List<Call> calls) -> {
                var either = (BitSet) inOrder(calls, loop, from).clone();
                either.or(from);
                yield either;
            }
            case Call.Each(_, List<Call> calls) -> anyNumber(from, at -> inOrder(calls, loop, at));
        };
    }

    private BitSet hook(String name, BitSet from) {
        var after = new BitSet();
        from.stream()
                .forEach(at -> {
                    if (at < called.size() && called.get(at).equals(name)) {
                        after.set(at + 1);
                        reach(at + 1);
                    } else if (at == furthest) {
                        expected.add(name);
                    }
                });
        return after;
    }

    private void reach(int place) {
        if (place > furthest) {
            furthest = place;
            expected.clear();
        }
    }

    private static Explanation child(Explanation loop, String slot) {
        return loop.children().stream()
                .filter(child -> child.name().equals(slot))
                .findFirst()
                .orElseThrow();
    }

    private static BitSet anyNumber(BitSet from, UnaryOperator<BitSet> repeated) {
        var all = (BitSet) from.clone();
        var news = from;
        while (!news.isEmpty()) {
            news = (BitSet) repeated.apply(news).clone();
            news.andNot(all);
            all.or(news);
        }
        return all;
    }
}
