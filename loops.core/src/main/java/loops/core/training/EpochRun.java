package loops.core.training;

/// What one epoch of training works on.
///
/// @param fit the fit that it belongs to
/// @param epoch its number, from 0
/// @param view what hooks see
public record EpochRun(FitRun fit, int epoch, RunView view) {
    /// An epoch of a fit.
    ///
    /// @param fit the fit that it belongs to
    /// @param epoch its number, from 0
    public EpochRun(FitRun fit, int epoch) {
        this(fit, epoch, fit.view(epoch));
    }
}
