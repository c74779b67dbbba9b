package loops.stats;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.Variance;

/// What the tests here need of a sample.
///
/// @param count the number of values, at least 2
/// @param mean their mean
/// @param standardError the standard deviation of their mean: `s / √n`, with the divisor n − 1 in s
record Sample(int count, double mean, double standardError) {
    static Sample of(String where, double[] values) {
        if (values.length < 2) {
            throw new IllegalArgumentException(
                    "%s: there are %d values; a spread needs at least 2"
                            .formatted(where, values.length));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "%s: value %d is %s; leave out the runs that failed"
                                .formatted(where, i, values[i]));
            }
        }
        if (Arrays.stream(values).allMatch(value -> value == values[0])) {
            // Said outright, since the rounding of the mean would give equal values a spread.
            return new Sample(values.length, values[0], 0);
        }
        double mean = new Mean().evaluate(values);
        double variance = new Variance(true).evaluate(values, mean);
        return new Sample(values.length, mean, Math.sqrt(variance / values.length));
    }
}
