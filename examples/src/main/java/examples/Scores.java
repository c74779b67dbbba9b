package examples;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A series of scores; a type of its own, since picocli would split an array.
record Scores(List<Double> list) {
    static Scores of(double... values) {
        return new Scores(Arrays.stream(values).boxed().toList());
    }

    double[] values() {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Reads scores between commas.
    static final class Reader implements ITypeConverter<Scores> {
        @Override
        public Scores convert(String text) {
            try {
                var scores =
                        Arrays.stream(text.split(",", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray();
                if (scores.length > 1 && Arrays.stream(scores).allMatch(Double::isFinite)) {
                    return Scores.of(scores);
                }
            } catch (NumberFormatException _) {
                // Said below, as for every other text that is no list of scores.
            }
            throw new TypeConversionException("use at least two numbers with commas between");
        }
    }
}
