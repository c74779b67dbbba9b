package loops.core.tune;

import java.util.List;
import loops.api.Codec;
import loops.api.LoopState.Fields;

/// What trials of batch sizes came to.
///
/// @param size the largest size that fits into memory
/// @param trials the sizes that were tried, in order
public record BatchSizeFound(int size, List<Attempt> trials) {
    /// Copies the list.
    public BatchSizeFound {
        trials = List.copyOf(trials);
    }

    /// One size that was tried.
    ///
    /// @param size the samples of a batch
    /// @param fits whether there was memory enough
    /// @param whole whether all data was one batch, so that a larger size would change nothing
    public record Attempt(int size, boolean fits, boolean whole) {
        static final Codec<Attempt> CODEC =
                Codec.of(
                        "a trial of a batch size",
                        tried ->
                                Fields.empty()
                                        .with("size", tried.size)
                                        .with("fits", tried.fits)
                                        .with("whole", tried.whole),
                        state -> read((Fields) state));

        private static Attempt read(Fields state) {
            return new Attempt(
                    Math.toIntExact(state.num("size")), state.flag("fits"), state.flag("whole"));
        }
    }
}
