package loops.core.callback;

/// Where a [ProgressBar] shows its bars.
///
/// While a bar is open another one may begin, and end before it: that of a validation, within the epoch of a training.
public interface BarDisplay {
    /// Begins a bar.
    ///
    /// @param bar where it begins: at 0, or where a resumed epoch goes on
    void begin(Bar bar);

    /// {@return whether a bar that has come further is to be shown now} Asked before the bar is made. Default: yes.
    default boolean ready() {
        return true;
    }

    /// Shows how far a bar has come.
    ///
    /// @param bar where it stands
    void show(Bar bar);

    /// Ends a bar.
    ///
    /// @param bar where it stands at last
    void end(Bar bar);

    /// Ends all bars: nothing follows. Default: does nothing.
    default void close() {}
}
