package tensor.optim;

/// Checks the numbers that optimizers are set up with.
final class Settings {
    private Settings() {}

    static double notNegative(String optimizer, String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "%s: %s is %s; use a number from 0".formatted(optimizer, name, value));
        }
        return value;
    }

    static double fraction(String optimizer, String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "%s: %s is %s; use a number from 0 to below 1"
                            .formatted(optimizer, name, value));
        }
        return value;
    }
}
