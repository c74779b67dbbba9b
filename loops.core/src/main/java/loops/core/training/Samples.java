package loops.core.training;

/// How many samples a logged value stands for, where it is not the size of the batch.
///
/// @param count from 1
public record Samples(int count) implements LogOption {
    /// Checks the number.
    public Samples {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "Samples: count is %d; use a number from 1".formatted(count));
        }
    }
}
