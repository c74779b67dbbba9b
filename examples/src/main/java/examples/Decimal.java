package examples;

import java.util.function.DoublePredicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an option's finite decimal number with a condition. A subclass names the condition of one option:
///
/// ```java
/// static final class Rate extends Decimal { Rate() { super("above 0", rate -> rate > 0); } }
/// @Option(names = "--lr", converter = Rate.class) double rate = 1e-3;
/// ```
public abstract class Decimal implements ITypeConverter<Double> {
    private final String allowed;
    private final DoublePredicate condition;

    /// Sets the condition.
    ///
    /// @param allowed what the condition says, to follow the words "use a number"
    /// @param condition holds for the numbers that are allowed; sees finite numbers only
    protected Decimal(String allowed, DoublePredicate condition) {
        this.allowed = allowed;
        this.condition = condition;
    }

    @Override
    public final Double convert(String text) {
        double number = parse(text);
        if (Double.isFinite(number) && condition.test(number)) {
            return number;
        }
        throw new TypeConversionException("use a number " + allowed);
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }
}
