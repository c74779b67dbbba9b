package examples;

import java.util.Arrays;
import java.util.Locale;
import loops.stats.ConfidenceInterval;
import loops.stats.PairedTTest;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
/// The difference is significant at 0.05.
/// ```
@Command(
        name = "compare",
        description = "Compare two series of scores: confidence intervals and a paired t-test.")
public final class Compare implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--first",
            paramLabel = "X,X,...",
            converter = Scores.class,
            description = "Scores of the first method (default: Student's first drug).")
    private double[] first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

    @Option(
            names = "--second",
            paramLabel = "X,X,...",
            converter = Scores.class,
            description = "Scores of the second, in the same order (default: the second drug).")
    private double[] second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

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
        if (first.length != second.length) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--second: has %d values and --first %d; give the scores in pairs"
                            .formatted(second.length, first.length));
        }
        var differences = new double[first.length];
        Arrays.setAll(differences, i -> first[i] - second[i]);
        var test = PairedTTest.of(first, second);
        double level = 1 - confidence;

        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "first       %s   (%d values, confidence %s)%n",
                ConfidenceInterval.of(confidence, first),
                first.length,
                confidence);
        out.printf("second      %s%n", ConfidenceInterval.of(confidence, second));
        out.printf("difference  %s%n", ConfidenceInterval.of(confidence, differences));
        out.printf(
                Locale.ROOT,
                "paired t-test: t %.4f, %d degrees of freedom, p %.4f%n",
                test.t(),
                test.degreesOfFreedom(),
                test.pValue());
        out.printf(
                Locale.ROOT,
                "The difference is %ssignificant at %.2g.%n",
                test.significantAt(level) ? "" : "not ",
                level);
        return 0;
    }

    /// Reads scores between commas.
    static final class Scores implements ITypeConverter<double[]> {
        @Override
        public double[] convert(String text) {
            try {
                var scores =
                        Arrays.stream(text.split(",", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray();
                if (scores.length > 1 && Arrays.stream(scores).allMatch(Double::isFinite)) {
                    return scores;
                }
            } catch (NumberFormatException _) {
                // Said below, as for every other text that is no list of scores.
            }
            throw new TypeConversionException("use at least two numbers with commas between");
        }
    }

    /// A share that leaves room for doubt.
    static final class Confidence extends Decimal {
        Confidence() {
            super("between 0 and 1", share -> share > 0 && share < 1);
        }
    }
}
