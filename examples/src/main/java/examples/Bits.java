package examples;

import java.util.stream.IntStream;
import tensor.nn.Module;

/// Compares models to the last bit.
final class Bits {
    private Bits() {}

    /// {@return in how many of their learned numbers two models of one kind differ}
    static long differences(Module one, Module other) {
        int[] first = bits(one);
        int[] second = bits(other);
        return Math.abs(first.length - second.length)
                + IntStream.range(0, Math.min(first.length, second.length))
                        .filter(i -> first[i] != second[i])
                        .count();
    }

    private static int[] bits(Module module) {
        return module.parameters().stream()
                .map(parameter -> parameter.value().toFloats())
                .flatMapToInt(values ->
                        IntStream.range(0, values.length)
                                .map(i -> Float.floatToRawIntBits(values[i])))
                .toArray();
    }
}
