package tensor.cpu;

import java.math.BigDecimal;
import java.math.MathContext;

/// The error function by its power series in decimal numbers of so many digits that the rounded result is right.
final class ExactErf {
    /// The terms grow to e³⁶ before they shrink.
    private static final MathContext DIGITS = new MathContext(50);

    private static final BigDecimal TWO_OVER_ROOT_PI =
            new BigDecimal("1.1283791670955125738961589031215451716881012586579977");

    /// From here on the rounded result is 1.
    private static final double ONE = 5.93;

    private ExactErf() {}

    /// {@return `2/√π · Σ (−1)ⁿ x²ⁿ⁺¹/(n!·(2n+1))`}
    static double of(double x) {
        if (!(Math.abs(x) < ONE)) {
            return Double.isNaN(x) ? x : Math.copySign(1, x);
        }
        if (Math.abs(x) < 1e-160) {
            return x * TWO_OVER_ROOT_PI.doubleValue(); // also the sign of zero
        }
        BigDecimal base = new BigDecimal(x);
        BigDecimal square = base.multiply(base, DIGITS).negate();
        BigDecimal power = base;
        BigDecimal sum = base;
        for (int n = 1; power.abs().doubleValue() > 1e-25 * Math.abs(x); n++) {
            power = power.multiply(square, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
        }
        return sum.multiply(TWO_OVER_ROOT_PI, DIGITS).doubleValue();
    }
}
