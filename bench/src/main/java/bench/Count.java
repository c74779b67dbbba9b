package bench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number on the command line that counts something of which there is at least one.
final class Count implements ITypeConverter<Integer> {
    Count() {}

    @Override
    public Integer convert(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new TypeConversionException("it is '%s'; use a number from 1".formatted(text));
    }
}
