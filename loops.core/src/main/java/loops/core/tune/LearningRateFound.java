package loops.core.tune;

import java.util.List;
import java.util.OptionalDouble;
import loops.api.Codec;
import loops.api.LoopState.Fields;

/// What a range test of learning rates came to.
///
/// @param rate the rate at which the loss falls most steeply
/// @param rates the rates that were tried, ascending
/// @param losses the smoothed loss at each of them
public record LearningRateFound(double rate, List<Double> rates, List<Double> losses) {
    static final Codec<LearningRateFound> CODEC =
            Codec.of(
                    "the result of a range test",
                    found ->
                            Fields.empty()
                                    .with("rate", found.rate)
                                    .with("rates", Codec.listOf(Codec.DOUBLE).encode(found.rates))
                                    .with(
                                            "losses",
                                            Codec.listOf(Codec.DOUBLE).encode(found.losses)),
                    state -> read((Fields) state));

    /// Copies the lists.
    public LearningRateFound {
        rates = List.copyOf(rates);
        losses = List.copyOf(losses);
    }

    private static LearningRateFound read(Fields state) {
        var reals = Codec.listOf(Codec.DOUBLE);
        return new LearningRateFound(
                state.real("rate"),
                reals.decode(state.get("rates")),
                reals.decode(state.get("losses")));
    }

    /// {@return the rate at which the loss falls most steeply from step to step; empty where there are less than two
    /// losses, and where it falls nowhere}
    ///
    /// The slope at a step is half the difference of its neighbours, at the ends the difference to the only one.
    ///
    /// @param rates the rates that were tried
    /// @param losses the loss at each of them
    static OptionalDouble steepest(List<Double> rates, List<Double> losses) {
        var steepest = OptionalDouble.empty();
        double least = 0;
        for (int i = 0; i < losses.size() && losses.size() > 1; i++) {
            int before = Math.max(0, i - 1);
            int after = Math.min(losses.size() - 1, i + 1);
            double slope = (losses.get(after) - losses.get(before)) / (after - before);
            if (slope < least) {
                least = slope;
                steepest = OptionalDouble.of(rates.get(i));
            }
        }
        return steepest;
    }
}
