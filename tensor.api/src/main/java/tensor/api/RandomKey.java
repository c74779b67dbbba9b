package tensor.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Where random numbers come from: a value, not a generator. The same key gives the same numbers,
/// everywhere.
///
/// Numbers are a function of the key and a counter (Philox4x32-10), so any of them is reachable
/// directly, in any order, on any thread, and those of [#bits] and [#uniform] are the ones that
/// [Tensor#uniform] has on every device. Use a key for one thing and derive new ones by [#fold] and
/// [#split] for others: they are independent of it and of each other.
///
/// @param key the key words of Philox
/// @param stream the upper counter words of Philox
public record RandomKey(long key, long stream) {
    // Keys are derived under a changed Philox key, so that no derived key is also a drawn number.
    private static final long FOLD_NUMBER = 0x6C6F_6F70_7331_0001L;
    private static final long FOLD_NAME = 0x6C6F_6F70_7332_0002L;
    private static final long SPLIT = 0x6C6F_6F70_7333_0003L;

    /// {@return the key of a seed}
    ///
    /// @param seed any number
    public static RandomKey of(long seed) {
        return new RandomKey(seed, 0);
    }

    /// {@return the key derived from this one and a number, such as the number of an epoch}
    ///
    /// @param data any number
    public RandomKey fold(long data) {
        return derive(FOLD_NUMBER, data);
    }

    /// {@return the key derived from this one and a name, such as the path of a parameter}
    ///
    /// @param name any text
    public RandomKey fold(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        RandomKey folded = derive(FOLD_NAME, bytes.length);
        for (int start = 0; start < bytes.length; start += Long.BYTES) {
            long chunk = 0;
            for (int i = start; i < Math.min(start + Long.BYTES, bytes.length); i++) {
                chunk = chunk << 8 | (bytes[i] & 0xFF);
            }
            folded = folded.derive(FOLD_NAME, chunk);
        }
        return folded;
    }

    /// {@return `n` keys, independent of each other and of this one} The first keys do not depend
    /// on `n`.
    ///
    /// @param n how many, 0 or more
    public List<RandomKey> split(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("RandomKey.split: " + n + " keys; use 0 or more");
        }
        List<RandomKey> keys = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            keys.add(derive(SPLIT, i));
        }
        return List.copyOf(keys);
    }

    /// {@return 64 random bits: the int64 element at `counter` of `Backend.random`}
    ///
    /// @param counter which number, 0 or more
    public long bits(long counter) {
        Philox.Block block = Philox.block(key, counter >>> 1, stream);
        return (counter & 1) == 0 ? block.low() : block.high();
    }

    /// {@return a number in 0, 1), a multiple of 2⁻⁵³: the float64 element at `counter` of
    /// `Backend.random`}
    ///
    /// @param counter which number, 0 or more
    public double uniform(long counter) {
        return (bits(counter) >>> 11) * 0x1p-53;
    }

    /// {@return an integer from 0 to `bound` − 1} Each has the same chance up to one part in 2³².
    ///
    /// @param counter which number, 0 or more
    /// @param bound how many integers there are, at least 1
    /// @throws IllegalArgumentException if `bound` is below 1
    public int below(long counter, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException(
                    "RandomKey.below: there is no integer from 0 to below "
                            + bound
                            + "; use a bound of 1 or more");
        }
        return (int) Math.unsignedMultiplyHigh(bits(counter), (long) bound);
    }

    /// {@return the numbers 0 to `n` − 1 in random order}
    ///
    /// @param n how many, 0 or more
    public int[] permutation(int n) {
        if (n < 0) {
            throw new IllegalArgumentException(
                    "RandomKey.permutation: " + n + " numbers; use 0 or more");
        }
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private RandomKey derive(long domain, long data) {
        Philox.Block block = Philox.block(key ^ domain, data, stream);
        return new RandomKey(block.low(), block.high());
    }
}
