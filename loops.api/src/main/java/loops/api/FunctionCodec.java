package loops.api;

import java.util.function.Function;

/// A codec of two functions.
///
/// @param wanted what a state must be, for messages
/// @param writing writes a value
/// @param reading reads it back
record FunctionCodec<T>(
        String wanted, Function<T, ? extends LoopState> writing, Function<LoopState, T> reading)
        implements Codec<T> {
    @Override
    public LoopState encode(T value) {
        return writing.apply(value);
    }

    @Override
    public T decode(LoopState state) {
        try {
            return reading.apply(state);
        } catch (ClassCastException | ArithmeticException e) {
            throw new IllegalArgumentException("found " + state + ", needs to be " + wanted, e);
        }
    }
}
