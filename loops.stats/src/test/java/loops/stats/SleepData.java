package loops.stats;

/// Student's own data: hours of sleep that ten patients gained with two drugs (Biometrika 6, 1908; the
/// data set `sleep` of R).
final class SleepData {
    private SleepData() {}

    static double[] first() {
        return new double[] {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    }

    static double[] second() {
        return new double[] {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    }
}
