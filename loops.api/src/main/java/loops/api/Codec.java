package loops.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Real;
import loops.api.LoopState.Text;

/// How a value is written to a state and read back.
///
/// The value must be immutable, and `decode(encode(v))` must equal `v`.
///
/// @param <T> the type of value
public interface Codec<T> {

    /// Whole numbers that fit an `int`.
    Codec<Integer> INTEGER =
            of("a whole number", v -> new Num(v), s -> Math.toIntExact(((Num) s).value()));

    /// Whole numbers.
    Codec<Long> LONG = of("a whole number", Num::new, s -> ((Num) s).value());

    /// Real numbers, to the last bit.
    Codec<Double> DOUBLE = of("a real number", Real::new, s -> ((Real) s).value());

    /// Truth values.
    Codec<Boolean> FLAG = of("true or false", Flag::new, s -> ((Flag) s).value());

    /// Texts.
    Codec<String> TEXT = of("a text", Text::new, s -> ((Text) s).value());

    /// Any state, as it is.
    Codec<LoopState> STATE = of("a state", s -> s, s -> s);

    /// {@return the value as a state}
    ///
    /// @param value what to write
    LoopState encode(T value);

    /// {@return the value that was written}
    ///
    /// @param state what was written
    /// @throws IllegalArgumentException if the state is not what [#encode] writes
    T decode(LoopState state);

    /// {@return a codec of two functions}
    ///
    /// @param wanted what a state must be, for the error message: "a whole number"
    /// @param <T> the type of the value
    /// @param encode writes a value
    /// @param decode reads it back
    static <T> Codec<T> of(
            String wanted, Function<T, ? extends LoopState> encode, Function<LoopState, T> decode) {
        return new FunctionCodec<>(wanted, encode, decode);
    }

    /// {@return a codec for lists of `element`}
    ///
    /// @param <T> the type of the value
    /// @param element how each element is written
    static <T> Codec<List<T>> listOf(Codec<T> element) {
        return of(
                "a list",
                values -> new Items(values.stream().<LoopState>map(element::encode).toList()),
                state -> {
                    var values = new ArrayList<T>();
                    for (LoopState value : ((Items) state).values()) {
                        values.add(element.decode(value));
                    }
                    return List.copyOf(values);
                });
    }
}
