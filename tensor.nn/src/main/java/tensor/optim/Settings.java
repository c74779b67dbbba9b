package tensor.optim;

import java.util.List;

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

    static double limit(String where, String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(
                    "%s: %s is %s; use a number from 0, or infinity".formatted(where, name, value));
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

    static double positive(String where, String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "%s: %s is %s; use a number above 0".formatted(where, name, value));
        }
        return value;
    }

    static long atLeast(String where, String name, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s: %s is %d; use a number from %d".formatted(where, name, value, least));
        }
        return value;
    }

    static void onePerGroup(String where, String name, double[] values, int groups) {
        if (values.length != 1 && values.length != groups) {
            throw new IllegalArgumentException(
                    "%s: %s has %d values, but the optimizer has %d groups; use one for all, or one a group"
                            .formatted(where, name, values.length, groups));
        }
    }

    /// {@return these rates, one for all groups or one a group}
    static double[] rates(String where, String name, List<Double> values) {
        return values.stream().mapToDouble(value -> notNegative(where, name, value)).toArray();
    }
}
