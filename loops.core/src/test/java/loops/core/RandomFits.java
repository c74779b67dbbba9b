package loops.core;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Random small fits.
final class RandomFits {
    private RandomFits() {}

    static Arbitrary<FitSpec> fits() {
        var stopAt =
                Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.just(0)),
                        Tuple.of(1, Arbitraries.integers().between(1, 60)));
        return Combinators.combine(
                        Arbitraries.longs(), models(), loading(), limits(), validation(), stopAt)
                .as(FitSpec::new);
    }

    private static Arbitrary<FitSpec.Model> models() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0.5, 0.0),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)),
                        hows())
                .as(FitSpec.Model::new);
    }

    private static Arbitrary<FitSpec.How> hows() {
        var seldom = Arbitraries.frequency(Tuple.of(2, false), Tuple.of(1, true));
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2), Tuple.of(1, 3)),
                        seldom,
                        Arbitraries.of(true, false),
                        seldom,
                        seldom,
                        seldom,
                        seldom)
                .as(FitSpec.How::new);
    }

    private static Arbitrary<FitSpec.Loading> loading() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, false),
                        Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(1, 2)),
                        Arbitraries.of(true, false))
                .as(FitSpec.Loading::new);
    }

    private static Arbitrary<FitSpec.Limits> limits() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.frequencyOf(
                                Tuple.of(3, Arbitraries.just(-1L)),
                                Tuple.of(1, Arbitraries.longs().between(0, 4))),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.frequency(
                                Tuple.of(4, -1), Tuple.of(1, 0), Tuple.of(2, 2), Tuple.of(1, 3)))
                .as(FitSpec.Limits::new);
    }

    private static Arbitrary<FitSpec.Validation> validation() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(-1, 2),
                        Arbitraries.frequency(Tuple.of(3, 1), Tuple.of(1, 2)))
                .as(FitSpec.Validation::new);
    }
}
