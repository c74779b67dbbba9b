package loops.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/// Student's test of whether two paired samples have the same mean, as the scores of two methods on the
/// same folds.
///
/// `t = mean(d) / (s(d) / √n)` over the differences `d = first − second`; under equal means and normally
/// distributed differences it follows Student's distribution with n − 1 degrees of freedom.
///
/// Over folds of one data set the test finds differences too readily, because the folds share training
/// data (Dietterich 1998, "Approximate statistical tests for comparing supervised classification learning
/// algorithms").
///
/// Source: Student (W. S. Gosset) 1908, "The probable error of a mean", Biometrika 6.
///
/// @param meanDifference the mean of first − second
/// @param t the test statistic; its sign is that of the mean difference
/// @param degreesOfFreedom the number of pairs less one
/// @param pValue the two-sided probability of a statistic at least this far from 0 if the means are equal
public record PairedTTest(double meanDifference, double t, int degreesOfFreedom, double pValue) {
    /// {@return the test of two samples, where values with the same index belong together}
    ///
    /// @param first at least two finite values
    /// @param second as many
    /// @throws IllegalArgumentException if the lengths differ, there are fewer than two pairs, a
    ///     difference is not finite, or all differences are equal but for rounding, so that they have no
    ///     spread to compare with
    public static PairedTTest of(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "PairedTTest: the first sample has %d values and the second %d; pair them"
                            .formatted(first.length, second.length));
        }
        var differences = new double[first.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = first[i] - second[i];
        }
        var sample = Sample.of("PairedTTest", differences);
        if (sample.standardError() <= Math.max(roundingOf(first), roundingOf(second))) {
            throw new IllegalArgumentException(
                    "PairedTTest: all %d differences are %s, but for rounding; a test needs differences that vary"
                            .formatted(sample.count(), differences[0]));
        }
        int degreesOfFreedom = sample.count() - 1;
        double t = sample.mean() / sample.standardError();
        double pValue = 2 * new TDistribution(degreesOfFreedom).cumulativeProbability(-Math.abs(t));
        return new PairedTTest(sample.mean(), t, degreesOfFreedom, pValue);
    }

    /// What the rounding of one value can add to a difference.
    private static double roundingOf(double[] values) {
        return Math.ulp(Arrays.stream(values).map(Math::abs).max().orElse(0));
    }

    /// {@return whether the difference is significant: the p-value is below the level}
    ///
    /// @param level the accepted share of false alarms, between 0 and 1, as 0.05
    /// @throws IllegalArgumentException if the level is not between 0 and 1
    public boolean significantAt(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "PairedTTest: level is %s; use a number between 0 and 1, as 0.05"
                            .formatted(level));
        }
        return pValue < level;
    }
}
