package examples;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// One of a few things, by its name.
///
/// @param <T> what they are; each says its name by `toString`
abstract class OneOf<T> implements ITypeConverter<T> {
    private final List<T> all;

    /// @param all to choose from, in the order of messages
    OneOf(List<T> all) {
        this.all = all;
    }

    @Override
    public final T convert(String name) {
        return all.stream()
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("use one of " + all));
    }
}
