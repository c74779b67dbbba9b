package tensor.optim;

/// Half a cosine from the present rate to `minimum`, and up again.
///
/// With `h(t) = (1 + cos(π·t/steps))/2`, the distance to the minimum is multiplied by `h(t)/h(t − 1)` at every step, and
/// gets its share `h(t)` of the first distance anew after it was 0.
record Cosine(long steps, double minimum) implements Schedule {
    @Override
    public double learningRate(long step, int group, double rate, double base) {
        if (step == 0) {
            return rate;
        }
        double before = height(step - 1);
        return before == 0
                ? rate + (base - minimum) * height(step)
                : minimum + (rate - minimum) * (height(step) / before);
    }

    /// {@return (1 + cos(π·step/steps))/2, written as a square that is exact also where it is almost 0}
    private double height(long step) {
        long left = Math.abs(steps - step % (2 * steps));
        double root = Math.sin(Math.PI * left / (2 * steps));
        return root * root;
    }
}
