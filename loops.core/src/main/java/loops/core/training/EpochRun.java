package loops.core.training;

/// What one epoch of training works on.
///
/// @param fit the fit that it belongs to
/// @param epoch its number, from 0
public record EpochRun(FitRun fit, int epoch) {

    /// {@return what hooks see}
    public RunView view() {
        return fit.view(epoch);
    }
}
