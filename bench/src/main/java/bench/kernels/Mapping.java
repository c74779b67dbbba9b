package bench.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// A function of so many elements, float32.
///
/// @param function which
/// @param count how many elements
public record Mapping(Function function, int count) {
    /// The functions.
    public enum Function {
        /// The elements in new memory: what memory allows.
        COPY,

        /// `a + b`.
        ADD,

        /// `a · b`.
        MUL,

        /// `eᵃ`.
        EXP,

        /// `ln |a|`.
        LOG,

        /// `tanh a`.
        TANH,

        /// `erf a`.
        ERF,

        /// The sum of all.
        SUM,

        /// The largest of all.
        MAX
    }

    /// {@return all of them, on few and on many elements}
    public static List<Mapping> all() {
        return of(16 << 10, 4 << 20);
    }

    /// {@return all of them on very few elements, for a test of the bench itself}
    public static List<Mapping> tiny() {
        return of(100);
    }

    private static List<Mapping> of(int... counts) {
        List<Mapping> all = new ArrayList<>();
        for (int count : counts) {
            for (Function function : Function.values()) {
                all.add(new Mapping(function, count));
            }
        }
        return all;
    }

    /// {@return as it stands in the table: `exp 16384`}
    public String name() {
        return function.name().toLowerCase(Locale.ROOT) + " " + count;
    }

    /// {@return the first input, and for a logarithm its absolute value}
    Tensor first() {
        Tensor x = Tensor.normal(RandomKey.of(0), Shape.of(count));
        return function == Function.LOG ? x.abs() : x;
    }

    /// {@return the second input}
    Tensor second() {
        return Tensor.normal(RandomKey.of(1), Shape.of(count));
    }
}
