package loops.stats;

import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

/// The mean of some values and how far they lie from it: the standard deviation with `n - 1`.
///
/// @param mean the mean
/// @param deviation the standard deviation of the sample
public record Spread(double mean, double deviation) {

    /// {@return the spread of at least two values}
    ///
    /// @param values the values
    /// @throws IllegalArgumentException if there are fewer than two
    public static Spread of(double... values) {
        if (values.length < 2) {
            throw new IllegalArgumentException(
                    "Spread: got %d values; give at least 2".formatted(values.length));
        }
        return new Spread(new Mean().evaluate(values), new StandardDeviation().evaluate(values));
    }

    /// {@return both to four places: `0.9777 +- 0.0090`}
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f +- %.4f", mean, deviation);
    }
}
