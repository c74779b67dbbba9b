package loops.api;

/// Something whose state can be taken and put back: run on from a loaded state, it does what the original would have done.
public interface Stateful {

    /// {@return the state now, as plain values that later changes do not touch}
    LoopState.Fields stateDict();

    /// Takes over a state that [#stateDict] of an equal object gave.
    ///
    /// @param state what [#stateDict] gave
    /// @throws IllegalArgumentException if a key is missing or unknown; then this object is unchanged
    void loadStateDict(LoopState.Fields state);
}
