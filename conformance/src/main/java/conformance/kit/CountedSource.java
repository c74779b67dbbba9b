package conformance.kit;

import conformance.kit.Event.Place;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.layout.Shape;

/// A source of so many batches, which may keep their number to itself. It records each opening.
///
/// @param name what openings are recorded as
/// @param count how many batches an epoch has
/// @param sized whether it says so
/// @param batches makes a batch by its position
/// @param events where to record
public record CountedSource(
        String name,
        LongToIntFunction count,
        boolean sized,
        LongFunction<Batch> batches,
        Recorder events)
        implements BatchSource {
    /// The numbers in a sample.
    public static final int FEATURES = 32;

    /// {@return a source of random samples, the same whenever they are asked for}
    ///
    /// @param name what openings are recorded as
    /// @param count how many batches there are
    /// @param samples how many samples a batch has
    /// @param events where to record
    public static CountedSource random(String name, int count, int samples, Recorder events) {
        return new CountedSource(name, epoch -> count, true, batch(name, samples), events);
    }

    /// {@return a source of given batches that says how many it has}
    ///
    /// @param name what openings are recorded as
    /// @param count how many batches there are
    /// @param batches makes a batch by its position
    /// @param events where to record
    public static CountedSource of(
            String name, int count, LongFunction<Batch> batches, Recorder events) {
        return new CountedSource(name, epoch -> count, true, batches, events);
    }

    /// {@return a function that makes random batches}
    ///
    /// @param name other names, other numbers
    /// @param samples how many samples a batch has
    public static LongFunction<Batch> batch(String name, int samples) {
        var key = RandomKey.of(7).fold(name);
        return position ->
                Batch.of(Tensor.uniform(key.fold(position), Shape.of(samples, FEATURES)));
    }

    /// {@return this source, which does not say how many batches it has}
    public CountedSource unsized() {
        return new CountedSource(name, count, false, batches, events);
    }

    @Override
    public OptionalInt batchCount() {
        return sized ? OptionalInt.of(count.applyAsInt(0)) : OptionalInt.empty();
    }

    @Override
    public BatchCursor open(long epoch, long position) {
        events.at(name + ".open", new Place((int) epoch, (int) position, -1, -1, -1));
        return new BatchCursor() {
            private long next = position;

            @Override
            public boolean hasNext() {
                return next < count.applyAsInt(epoch);
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException(name + " has no further batch");
                }
                var batch = batches.apply(next);
                next++;
                return batch;
            }

            @Override
            public long position() {
                return next;
            }

            @Override
            public void close() {}
        };
    }
}
