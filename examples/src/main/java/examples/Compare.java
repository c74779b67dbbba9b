package examples;

import java.util.Arrays;
import java.util.Locale;
import loops.stats.ConfidenceInterval;
import loops.stats.PairedTTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Is one of two methods better, or did it have luck? Compares scores that belong together in pairs, as
/// those of two methods on the same folds.
///
/// Without options it takes the data of Student's paper of 1908: the hours of sleep that ten patients
/// gained with each of two drugs.
///
/// ```text
/// $ ./loops run compare
/// first       0.7500 +- 1.2798   (10 values, confidence 0.95)
/// second      2.3300 +- 1.4323
/// difference  -1.5800 +- 0.8799
/// paired t-test: t -4.0621, 9 degrees of freedom, p 0.0028
/// The difference is significant at confidence 0.95.
/// ```
@Command(
        name = "compare",
        description = "Compare two series of scores: confidence intervals and a paired t-test.")
public final class Compare implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--first",
            paramLabel = "X,X,...",
            converter = Scores.Reader.class,
            description = "Scores of the first method (default: Student's first drug).")
    private Scores first = Scores.of(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0);

    @Option(
            names = "--second",
            paramLabel = "X,X,...",
            converter = Scores.Reader.class,
            description = "Scores of the second, in the same order (default: the second drug).")
    private Scores second = Scores.of(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4);

    @Option(
            names = "--confidence",
            paramLabel = "SHARE",
            converter = Confidence.class,
            description = "Confidence of the intervals (default: ${DEFAULT-VALUE}).")
    private double confidence = 0.95;

    /// An example with its default options.
    public Compare() {}

    @Override
    public Integer call() {
        var a = first.values();
        var b = second.values();
        if (a.length != b.length) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--second: has %d values and --first %d; give the scores in pairs"
                            .formatted(b.length, a.length));
        }
        var differences = new double[a.length];
        Arrays.setAll(differences, i -> a[i] - b[i]);
        var test = test(a, b);

        var out = spec.commandLine().getOut();
        out.println(
                "first       %s   (%d values, confidence %s)"
                        .formatted(ConfidenceInterval.of(confidence, a), a.length, confidence));
        out.println("second      " + ConfidenceInterval.of(confidence, b));
        out.println("difference  " + ConfidenceInterval.of(confidence, differences));
        out.println(
                String.format(
                        Locale.ROOT,
                        "paired t-test: t %.4f, %d degrees of freedom, p %.4f",
                        test.t(),
                        test.degreesOfFreedom(),
                        test.pValue()));
        out.println(
                "The difference is %s at confidence %s."
                        .formatted(
                                test.significantAt(1 - confidence)
                                        ? "significant"
                                        : "not significant",
                                confidence));
        return 0;
    }

    private PairedTTest test(double[] a, double[] b) {
        try {
            return PairedTTest.of(a, b);
        } catch (IllegalArgumentException e) {
            // What the test refuses here was typed in.
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /// A share that leaves room for doubt.
    static final class Confidence extends Decimal {
        Confidence() {
            super("between 0 and 1", share -> share > 0 && share < 1);
        }
    }
}
