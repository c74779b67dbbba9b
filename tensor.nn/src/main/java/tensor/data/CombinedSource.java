package tensor.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// Several sources at once: each of its batches is [combined][Batch#combine] of one batch of every source.
///
/// ```java
/// var sources = new LinkedHashMap<String, BatchSource>();
/// sources.put("labelled", few);
/// sources.put("unlabelled", many);
/// var both = CombinedSource.of(Mode.MAX_SIZE_CYCLE, sources);
/// // in a training step: batch.part("labelled").input()
/// ```
///
/// Sources may be combined themselves, so batches have the structure in which sources are put together. The number of
/// batches of a source need not be known beforehand; entering such an epoch at a position costs making the batches
/// before it where sources are repeated.
///
/// **Randomness.** In epoch `e` a source gives its own epoch `e`. Begun for the `r`-th time again within that epoch, it
/// gives its epoch `e + r·2³²`: one that no other epoch gives, so that shuffles and transforms do not repeat.
///
/// Immutable, if its sources are.
public final class CombinedSource implements BatchSource {
    /// Which source decides how long an epoch is.
    public enum Mode {
        /// The longest one: shorter ones begin again, and the epoch ends when all have ended at least once.
        MAX_SIZE_CYCLE,
        /// The shortest one: the rest of the others is left out.
        MIN_SIZE
    }

    private final Mode mode;
    private final SequencedMap<String, BatchSource> sources;

    private CombinedSource(Mode mode, SequencedMap<String, BatchSource> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(
                    "CombinedSource: there is no source; at least one is needed");
        }
        this.mode = mode;
        this.sources = Collections.unmodifiableSequencedMap(sources);
    }

    /// {@return these sources at once; parts of batches have their names}
    ///
    /// @param mode how long an epoch is
    /// @param sources at least one, by name
    /// @throws IllegalArgumentException if there is no source
    public static CombinedSource of(
            Mode mode, SequencedMap<String, ? extends BatchSource> sources) {
        return new CombinedSource(mode, new LinkedHashMap<>(sources));
    }

    /// {@return these sources at once; parts of batches are named `0`, `1` and so on}
    ///
    /// @param mode how long an epoch is
    /// @param sources at least one
    /// @throws IllegalArgumentException if there is no source
    public static CombinedSource of(Mode mode, List<? extends BatchSource> sources) {
        SequencedMap<String, BatchSource> named = new LinkedHashMap<>();
        sources.forEach(source -> named.put(Integer.toString(named.size()), source));
        return new CombinedSource(mode, named);
    }

    /// {@return how many batches an epoch has: the most or the fewest that a source has; empty if that of a source is not
    /// known}
    @Override
    public OptionalInt batchCount() {
        int chosen = mode == Mode.MIN_SIZE ? Integer.MAX_VALUE : 0;
        for (BatchSource source : sources.values()) {
            OptionalInt count = source.batchCount();
            if (count.isEmpty()) {
                return OptionalInt.empty();
            }
            chosen =
                    mode == Mode.MIN_SIZE
                            ? Math.min(chosen, count.getAsInt())
                            : Math.max(chosen, count.getAsInt());
        }
        return OptionalInt.of(chosen);
    }

    /// {@return the rest of an epoch}
    ///
    /// @throws IllegalStateException if a source without batches is to begin again
    @Override
    public BatchCursor open(long epoch, long position) {
        if (epoch < 0) {
            throw new IllegalArgumentException(
                    "CombinedSource: epoch is " + epoch + "; use a number from 0");
        }
        batchCount().ifPresent(count -> checkPosition(position, count));
        if (position < 0) {
            throw new IllegalArgumentException(
                    "CombinedSource: position is " + position + "; use a number from 0");
        }
        List<CombinedLane> lanes = new ArrayList<>();
        try {
            sources.forEach((name, source) ->
                    lanes.add(
                            new CombinedLane(
                                    name, source, epoch, mode == Mode.MAX_SIZE_CYCLE, position)));
            if (mode == Mode.MAX_SIZE_CYCLE
                    && lanes.stream().noneMatch(CombinedLane::inFirstRound)) {
                checkPosition(
                        position,
                        lanes.stream().mapToLong(CombinedLane::firstCount).max().orElse(0));
            }
        } catch (RuntimeException | Error e) {
            lanes.forEach(CombinedLane::close);
            throw e;
        }
        return new CombinedCursor(mode, lanes, position);
    }

    private static void checkPosition(long position, long count) {
        if (position < 0 || position > count) {
            throw new IllegalArgumentException(
                    "CombinedSource: position is %d; an epoch has %d batches, so use 0 to %d"
                            .formatted(position, count, count));
        }
    }
}
