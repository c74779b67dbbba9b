package tensor.testkit;

/// The error function, by textbook formulas that share nothing with a backend's.
///
/// Up to 1.25 a series without cancellation, `2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1))`; beyond, 1 less the continued fraction of
/// the complement, whose error no longer counts. Error below 2 ulp of float64.
final class ErrorFunction {
    private static final double SERIES_ENDS = 1.25;
    private static final int TERMS = 60;
    private static final int FRACTIONS = 200;

    private ErrorFunction() {}

    static double of(double x) {
        double size = Math.abs(x);
        double value = size < SERIES_ENDS ? series(size) : 1 - complement(size);
        return Math.copySign(value, x);
    }

    private static double series(double x) {
        double sum = 0;
        for (int n = TERMS; n > 0; n--) {
            sum = (1 + sum) * (2 * x * x / (2 * n + 1));
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * (x + x * sum);
    }

    /// `e^(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))`.
    private static double complement(double x) {
        double fraction = x;
        for (int k = FRACTIONS; k > 0; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
