package tensor.optim;

import java.util.function.DoubleFunction;
import tensor.api.Tensor;

/// Finds a step length along a direction with less loss and a flatter slope: the strong Wolfe conditions.
///
/// ```text
/// loss(t) ≤ loss(0) + 10⁻⁴·t·slope(0)          |slope(t)| ≤ 0.9·|slope(0)|
/// ```
///
/// First a bracket around such a length is sought, then it is narrowed, both by cubic interpolation. (Nocedal and Wright,
/// "Numerical optimization", 2006, section 3.5. The order of evaluations is that of PyTorch.)
final class StrongWolfe {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    /// Where a step along the direction leads.
    ///
    /// @param length of the step
    /// @param loss there
    /// @param gradient there, flat
    /// @param slope the loss's derivative along the direction
    record Point(double length, double loss, Tensor gradient, double slope) {}

    private final DoubleFunction<Point> evaluate;
    private final Point start;
    private final double directionSize;
    private final double toleranceChange;
    private final int maxEvaluations;

    /// How many points have been looked at after the first.
    private int rounds;

    /// @param evaluate gives the point at a length
    /// @param start the point at length 0
    /// @param directionSize largest absolute element of the direction
    /// @param toleranceChange a bracket whose ends are nearer than this is not narrowed further
    /// @param maxEvaluations how often `evaluate` may be called after the first time
    StrongWolfe(
            DoubleFunction<Point> evaluate,
            Point start,
            double directionSize,
            double toleranceChange,
            int maxEvaluations) {
        this.evaluate = evaluate;
        this.start = start;
        this.directionSize = directionSize;
        this.toleranceChange = toleranceChange;
        this.maxEvaluations = maxEvaluations;
    }

    /// {@return the best point found}
    ///
    /// @param length to be tried first
    Point search(double length) {
        Point before = start;
        Point now = evaluate.apply(length);
        while (rounds < maxEvaluations) {
            if (tooHigh(now) || (rounds > 1 && now.loss() >= before.loss())) {
                return narrow(before, now);
            }
            if (flat(now)) {
                return now;
            }
            if (now.slope() >= 0) {
                return narrow(before, now);
            }
            double least = now.length() + 0.01 * (now.length() - before.length());
            double next = lowest(before, now, least, now.length() * 10);
            before = now;
            now = evaluate.apply(next);
            rounds++;
        }
        return start.loss() <= now.loss() ? start : now;
    }

    /// {@return the best point between two}
    private Point narrow(Point one, Point other) {
        Point low = one.loss() <= other.loss() ? one : other;
        Point high = one.loss() <= other.loss() ? other : one;
        boolean stuck = false;
        while (rounds < maxEvaluations
                && !(Math.abs(high.length() - low.length()) * directionSize < toleranceChange)) {
            double left = Math.min(low.length(), high.length());
            double right = Math.max(low.length(), high.length());
            double next = lowest(low, high, left, right);
            double margin = 0.1 * (right - left);
            boolean nearEnd = Math.min(right - next, next - left) < margin;
            if (nearEnd && (stuck || next >= right || next <= left)) {
                next = right - next < next - left ? right - margin : left + margin;
                stuck = false;
            } else {
                stuck = nearEnd;
            }

            Point now = evaluate.apply(next);
            rounds++;
            if (tooHigh(now) || now.loss() >= low.loss()) {
                high = now;
                if (high.loss() < low.loss()) {
                    Point swapped = high;
                    high = low;
                    low = swapped;
                }
            } else if (flat(now)) {
                return now;
            } else {
                high = now.slope() * (high.length() - low.length()) >= 0 ? low : high;
                low = now;
            }
        }
        return low;
    }

    private boolean tooHigh(Point point) {
        return point.loss() > start.loss() + DECREASE * point.length() * start.slope();
    }

    private boolean flat(Point point) {
        return Math.abs(point.slope()) <= -CURVATURE * start.slope();
    }

    /// {@return where the cubic through both points and slopes is lowest, brought between the bounds}
    private static double lowest(Point a, Point b, double least, double most) {
        Point left = a.length() <= b.length() ? a : b;
        Point right = a.length() <= b.length() ? b : a;
        double width = right.length() - left.length();
        double d1 = left.slope() + right.slope() - 3 * (left.loss() - right.loss()) / -width;
        double square = d1 * d1 - left.slope() * right.slope();
        if (!(square >= 0)) {
            return (least + most) / 2;
        }
        double d2 = Math.sqrt(square);
        double way = (right.slope() + d2 - d1) / (right.slope() - left.slope() + 2 * d2);
        return Math.min(Math.max(right.length() - width * way, least), most);
    }
}
