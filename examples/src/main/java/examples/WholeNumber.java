package examples;

import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an option's whole number within bounds. A subclass names the bounds of one option:
///
/// ```java
/// static final class Folds extends WholeNumber { Folds() { super(2, 100); } }
/// @Option(names = "--folds", converter = Folds.class) int folds = 5;
/// ```
public abstract class WholeNumber implements ITypeConverter<Integer> {
    private final int min;
    private final int max;

    /// Sets the bounds.
    ///
    /// @param min the smallest number that is allowed
    /// @param max the largest; [Integer#MAX_VALUE] where there is no limit of its own
    protected WholeNumber(int min, int max) {
        this.min = min;
        this.max = max;
    }

    @Override
    public final Integer convert(String text) {
        if (text.matches("-?[0-9]+")) {
            var number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(min)) >= 0
                    && number.compareTo(BigInteger.valueOf(max)) <= 0) {
                return number.intValueExact();
            }
        }
        throw new TypeConversionException("use a whole number from %d to %d".formatted(min, max));
    }
}
