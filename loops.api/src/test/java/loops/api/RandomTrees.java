package loops.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import loops.api.TreeSpec.Act;
import loops.api.TreeSpec.Kind;
import loops.api.TreeSpec.Trait;
import loops.api.TreeSpec.When;
import loops.api.testkit.Scenario;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Random trees of loops, at most five loops from top to bottom.
final class RandomTrees {
    private RandomTrees() {}

    /// A tree with all that a run of it needs.
    ///
    /// @param tree its loops
    /// @param seed of its random state
    /// @param fuel how many steps all loops together may make
    record Planted(TreeSpec tree, long seed, int fuel) {
        /// Makes equal objects each time.
        Supplier<Scenario<SpecLoop.Visit, Long>> scenarios() {
            return () -> {
                var world = world();
                return new Scenario<>(new SpecLoop(tree), visit(world), world);
            };
        }

        World world() {
            return new World(seed, fuel);
        }

        SpecLoop.Visit visit(World world) {
            return new SpecLoop.Visit(world, 0, seed, false);
        }
    }

    static Arbitrary<Planted> planted(int mostFuel) {
        var depth =
                Arbitraries.frequency(
                        Tuple.of(1, 1), Tuple.of(2, 2), Tuple.of(3, 3), Tuple.of(2, 4));
        return Combinators.combine(
                        depth.flatMap(RandomTrees::tree),
                        Arbitraries.longs(),
                        Arbitraries.integers().between(1, mostFuel))
                .as(Planted::new);
    }

    private static Arbitrary<TreeSpec> tree(int depth) {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(1, 0), Tuple.of(3, 1), Tuple.of(4, 2), Tuple.of(3, 3)),
                        Arbitraries.integers().between(0, 2),
                        traits().set().ofMaxSize(2),
                        scripts(depth > 0),
                        children(depth))
                .as(TreeSpec::new);
    }

    private static Arbitrary<List<TreeSpec>> children(int depth) {
        if (depth == 0) {
            return Arbitraries.just(List.of());
        }
        return Arbitraries.frequency(Tuple.of(4, 1), Tuple.of(3, 2), Tuple.of(1, 3))
                .flatMap(count -> tree(depth - 1).list().ofSize(count));
    }

    private static Arbitrary<Trait> traits() {
        return Arbitraries.frequency(
                Tuple.of(1, Trait.ATOMIC),
                Tuple.of(2, Trait.SKIPS),
                Tuple.of(2, Trait.NO_CODEC),
                Tuple.of(2, Trait.NO_OUTPUT),
                Tuple.of(2, Trait.THROWS),
                Tuple.of(2, Trait.LETS_GO));
    }

    /// In `advance` a loop with children runs at least one of them.
    private static Arbitrary<List<List<Act>>> scripts(boolean outer) {
        var any = act().list().ofMaxSize(3);
        var advance =
                outer
                        ? Combinators.combine(any, child(), act().list().ofMaxSize(4))
                                .as((before, child, after) -> {
                                    var all = new ArrayList<>(before);
                                    all.add(child);
                                    all.addAll(after);
                                    return List.copyOf(all);
                                })
                        : any;
        var rarely =
                Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.just(List.<Act>of())), Tuple.of(1, any));
        return Combinators.combine(rarely, rarely, advance, rarely, rarely)
                .as((a, b, c, d, e) -> List.of(a, b, c, d, e));
    }

    private static Arbitrary<Act> child() {
        return Combinators.combine(Arbitraries.integers().between(0, 2), Arbitraries.of(When.class))
                .as((slot, when) -> new Act(Kind.CHILD, slot, when));
    }

    private static Arbitrary<Act> act() {
        var kind =
                Arbitraries.frequency(
                        Tuple.of(3, Kind.EVENT),
                        Tuple.of(1, Kind.FIRE),
                        Tuple.of(3, Kind.DRAW),
                        Tuple.of(2, Kind.CELL),
                        Tuple.of(2, Kind.HELD),
                        Tuple.of(1, Kind.DERIVED),
                        Tuple.of(1, Kind.PROGRESS),
                        Tuple.of(1, Kind.STOP),
                        Tuple.of(6, Kind.CHILD),
                        Tuple.of(1, Kind.ONCE_CHILD));
        return Combinators.combine(
                        kind, Arbitraries.integers().between(0, 2), Arbitraries.of(When.class))
                .as(Act::new);
    }
}
