package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.layout.DType;

/// Random numbers without state, by Philox4x32-10: four words are a function of a key, a stream and a block number.
///
/// How words become elements stands at [tensor.spi.Backend#random].
final class Philox {
    /// Pieces of a loop over elements begin at multiples of this; it is a whole number of blocks for every type.
    static final int GRAIN = 1 << 14;

    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long UNSIGNED = 0xFFFF_FFFFL;
    private static final int BLOCKS = 64;

    private Philox() {}

    /// Sets elements `from … to` of dense memory; `from` is a multiple of 4.
    static void fill(DType dtype, long key, long stream, MemorySegment out, long from, long to) {
        int[] words = new int[4 * BLOCKS];
        int step = dtype == DType.FLOAT32 ? 4 * BLOCKS : 2 * BLOCKS;
        for (long at = from; at < to; at += step) {
            int count = (int) Math.min(step, to - at);
            switch (dtype) {
                case FLOAT32 -> {
                    blocks(key, stream, at / 4, words);
                    floats(words, out, 4 * at, count);
                }
                case FLOAT64 -> {
                    blocks(key, stream, at / 2, words);
                    doubles(words, out, 8 * at, count);
                }
                case INT64 -> {
                    blocks(key, stream, at / 2, words);
                    longs(words, out, 8 * at, count);
                }
                case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                        throw new IllegalArgumentException(
                                "random: not defined on " + dtype + "; cast afterwards");
            }
        }
    }

    private static void floats(int[] words, MemorySegment out, long offset, int count) {
        for (int i = 0; i < count; i++) {
            out.set(ValueLayout.JAVA_FLOAT, offset + 4L * i, (words[i] >>> 8) * 0x1p-24f);
        }
    }

    private static void doubles(int[] words, MemorySegment out, long offset, int count) {
        for (int i = 0; i < count; i++) {
            double value = (pair(words, i) >>> 11) * 0x1p-53;
            out.set(ValueLayout.JAVA_DOUBLE, offset + 8L * i, value);
        }
    }

    private static void longs(int[] words, MemorySegment out, long offset, int count) {
        for (int i = 0; i < count; i++) {
            out.set(ValueLayout.JAVA_LONG, offset + 8L * i, pair(words, i));
        }
    }

    private static long pair(int[] words, int i) {
        return ((long) words[2 * i + 1] << 32) | (words[2 * i] & UNSIGNED);
    }

    /// The words of consecutive blocks, as many as the array holds.
    static void blocks(long key, long stream, long first, int[] words) {
        for (int i = 0; i < words.length; i += 4) {
            long block = first + (i >> 2);
            int c0 = (int) block;
            int c1 = (int) (block >>> 32);
            int c2 = (int) stream;
            int c3 = (int) (stream >>> 32);
            int k0 = (int) key;
            int k1 = (int) (key >>> 32);
            for (int round = 0; round < 10; round++) {
                long a = (MULTIPLIER_0 & UNSIGNED) * (c0 & UNSIGNED);
                long b = (MULTIPLIER_1 & UNSIGNED) * (c2 & UNSIGNED);
                c0 = (int) (b >>> 32) ^ c1 ^ k0;
                c1 = (int) b;
                c2 = (int) (a >>> 32) ^ c3 ^ k1;
                c3 = (int) a;
                k0 += WEYL_0;
                k1 += WEYL_1;
            }
            words[i] = c0;
            words[i + 1] = c1;
            words[i + 2] = c2;
            words[i + 3] = c3;
        }
    }
}
