package tensor.nn;

import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;

/// Where a module gets its randomness from: a key and a count of the draws, saved with the module.
///
/// So a module that is loaded goes on with the numbers that would have come next. Mutable; used by one thread at a time.
public final class RandomStream {
    private @Nullable RandomKey key;
    private long draws;

    RandomStream() {}

    /// {@return a new key at each call: the stream's key folded with the number of draws before}
    ///
    /// @throws IllegalStateException before the module is initialized
    public RandomKey next() {
        return start().fold(draws++);
    }

    /// {@return how many keys have been drawn}
    public long draws() {
        return draws;
    }

    /// Starts anew from a key.
    ///
    /// @param start the key of the stream
    public void seed(RandomKey start) {
        key = start;
        draws = 0;
    }

    /// {@return key, stream and draws, int64 [3]}
    Tensor state() {
        return Tensor.of(start().key(), start().stream(), draws);
    }

    void load(Tensor state) {
        long[] words = state.toLongs();
        key = new RandomKey(words[0], words[1]);
        draws = words[2];
    }

    /// {@return an action that goes back to where this is now}
    Runnable mark() {
        RandomKey keyBefore = key;
        long drawsBefore = draws;
        return () -> {
            key = keyBefore;
            draws = drawsBefore;
        };
    }

    private RandomKey start() {
        if (key == null) {
            throw new IllegalStateException(
                    "RandomStream has no key yet; call initialize(key) on its module");
        }
        return key;
    }
}
