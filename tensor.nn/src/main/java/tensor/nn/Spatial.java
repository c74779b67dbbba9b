package tensor.nn;

import java.util.List;
import java.util.stream.IntStream;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Numbers for each of the axes over which a kernel moves.
final class Spatial {
    private Spatial() {}

    /// {@return one number for each axis, if one for all is given}
    static List<Integer> each(int axes, int... numbers) {
        return numbers.length == 1
                ? IntStream.range(0, axes).mapToObj(_ -> numbers[0]).toList()
                : IntStream.of(numbers).boxed().toList();
    }

    static List<Integer> atLeast(String what, int least, List<Integer> numbers) {
        for (int number : numbers) {
            if (number < least) {
                throw new IllegalArgumentException(
                        "%s is %s; use numbers from %d".formatted(what, numbers, least));
            }
        }
        return List.copyOf(numbers);
    }

    @SafeVarargs
    static void sameAxes(String where, List<Integer> first, List<Integer>... others) {
        for (List<Integer> other : others) {
            if (other.size() != first.size()) {
                throw new IllegalArgumentException(
                        "%s: %s and %s are for %d and %d axes; give one number for each axis, or one for all"
                                .formatted(where, first, other, first.size(), other.size()));
            }
        }
    }

    static int product(int... sizes) {
        return IntStream.of(sizes).reduce(1, Math::multiplyExact);
    }

    static Shape sizes(List<Integer> first, int[] second, int[] third) {
        return Shape.of(
                IntStream.concat(
                                first.stream().mapToInt(Integer::intValue),
                                IntStream.concat(IntStream.of(second), IntStream.of(third)))
                        .toArray());
    }

    /// Adds the numbers `start`, `start + 1`, … to a list.
    static void count(List<Integer> to, int start, int count) {
        for (int i = 0; i < count; i++) {
            to.add(start + i);
        }
    }

    /// Zeros at both ends; a negative number of them crops.
    static Tensor pad(Tensor x, int axis, int before, int after) {
        Tensor padded = x.pad(axis, Math.max(0, before), Math.max(0, after), 0);
        return padded.slice(
                axis, Math.max(0, -before), padded.size(axis) - (long) Math.max(0, -after));
    }
}
