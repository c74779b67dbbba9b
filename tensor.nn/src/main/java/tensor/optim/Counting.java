package tensor.optim;

/// A transform of whose steps the host can do its part without tensors, for [CapturedStep].
///
/// @param <S> what is remembered of one parameter
interface Counting<S extends TransformState<S>> extends GradientTransform<S> {
    /// {@return whether it really can; a chain can where its stages do}
    default boolean counts() {
        return true;
    }

    /// Says the [Numbers] of an [#update].
    ///
    /// @param state that of all parameters, but for tensors
    /// @return the state behind it, its tensors as they were
    S count(S state);

    /// Says the [Numbers] of a [descent][#descend].
    ///
    /// @param state that of all parameters, but for tensors
    /// @param learningRate the length of the step
    /// @return the state behind it, its tensors as they were
    default S count(S state, double learningRate) {
        S next = count(state);
        Numbers.say(-learningRate);
        return next;
    }
}
