package loops.stats;

import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;

/// The range in which the mean of normally distributed values is expected, with a given confidence.
///
/// `mean ± halfWidth`, where `halfWidth = t · s / √n`; `s` is the standard deviation of the sample
/// (divisor n − 1) and `t` the quantile `(1 + confidence) / 2` of Student's distribution with n − 1
/// degrees of freedom. Equal values give a half-width of 0.
///
/// Scores of folds share training data, so they are not independent: their interval is too narrow
/// (Bengio and Grandvalet 2004, "No unbiased estimator of the variance of k-fold cross-validation").
///
/// Source: Student (W. S. Gosset) 1908, "The probable error of a mean", Biometrika 6.
///
/// @param mean the mean of the sample
/// @param halfWidth the distance from the mean to either end, from 0
/// @param confidence the share of such intervals that hold the true mean, between 0 and 1
public record ConfidenceInterval(double mean, double halfWidth, double confidence) {
    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException if a part is not finite, the half-width is negative, or the
    ///     confidence is not between 0 and 1
    public ConfidenceInterval {
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException(
                    "ConfidenceInterval: mean is %s; use a finite number".formatted(mean));
        }
        if (!(halfWidth >= 0 && Double.isFinite(halfWidth))) {
            throw new IllegalArgumentException(
                    "ConfidenceInterval: halfWidth is %s; use a finite number from 0"
                            .formatted(halfWidth));
        }
        checkConfidence(confidence);
    }

    /// {@return the interval for the mean that the values are a sample of}
    ///
    /// @param confidence between 0 and 1, as 0.95
    /// @param values at least two, all finite
    /// @throws IllegalArgumentException if there are fewer than two values, one is not finite, or the
    ///     confidence is not between 0 and 1
    public static ConfidenceInterval of(double confidence, double... values) {
        checkConfidence(confidence);
        var sample = Sample.of("ConfidenceInterval", values);
        double t =
                new TDistribution(sample.count() - 1.0)
                        .inverseCumulativeProbability((1 + confidence) / 2);
        return new ConfidenceInterval(sample.mean(), t * sample.standardError(), confidence);
    }

    /// {@return the lower end}
    public double low() {
        return mean - halfWidth;
    }

    /// {@return the upper end}
    public double high() {
        return mean + halfWidth;
    }

    /// {@return mean and half-width with four decimals, as `0.9712 +- 0.0043`}
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f +- %.4f", mean, halfWidth);
    }

    private static void checkConfidence(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "ConfidenceInterval: confidence is %s; use a number between 0 and 1, as 0.95"
                            .formatted(confidence));
        }
    }
}
