package tensor.data;

import java.util.OptionalInt;

/// Batches, epoch after epoch, that can be entered at any place.
///
/// The batch at a place is a pure function of the source, the epoch and the position, so a run that is resumed sees
/// what the undisturbed one would have seen.
public interface BatchSource {
    /// {@return how many batches an epoch has; empty if that is not known beforehand}
    OptionalInt batchCount();

    /// {@return the rest of an epoch}
    ///
    /// @param epoch from 0
    /// @param position how many batches of that epoch have been consumed already
    /// @throws IllegalArgumentException if a number is negative, or the epoch has fewer batches
    BatchCursor open(long epoch, long position);
}
