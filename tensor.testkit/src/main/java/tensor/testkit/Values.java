package tensor.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.api.RandomKey;
import tensor.layout.DType;

/// Which numbers a case is fed with. The same seed gives the same numbers.
enum Values {
    /// Finite, of moderate size and both signs.
    ORDINARY,
    /// Ordinary and special ones mixed: NaN, zeros of both signs, infinities, subnormals, the
    /// greatest, the least.
    MIXED,
    /// As [#MIXED], but no zero among the integers: for divisors.
    DIVISORS,
    /// As [#MIXED], but no finite number so great that a sum overflows in one order and not in
    /// another.
    SUMMANDS;

    private static final double[] REALS_32 = {
        Double.NaN,
        0.0,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1,
        -1,
        0.5,
        88,
        -88,
        104,
        -104,
        1e6,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        5e-39f,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1e-20f,
        1e20f
    };
    private static final double[] REALS_64 = {
        Double.NaN,
        0.0,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1,
        -1,
        0.5,
        709,
        -709,
        746,
        -746,
        1e6,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        5e-310,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1e-200,
        1e200
    };
    private static final long[] INTEGERS = {
        Long.MIN_VALUE, Long.MAX_VALUE, 0, 1, -1, 1L << 53, (1L << 53) + 1, 33554431
    };

    /// {@return how many special values a dtype has}
    static int specialCount(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> REALS_32.length;
            case FLOAT64 -> REALS_64.length;
            case INT64 -> INTEGERS.length;
            case BOOL -> 2;
        };
    }

    /// {@return dense host memory with `count` elements}
    MemorySegment make(DType dtype, long count, long seed) {
        RandomKey key = RandomKey.of(seed);
        MemorySegment host = memory(dtype, count);
        for (int i = 0; i < count; i++) {
            boolean special = this != ORDINARY && key.below(2L * i, 3) == 0;
            if (special) {
                special(host, dtype, i, key.below(2L * i + 1, specialCount(dtype)));
            } else {
                ordinary(host, dtype, i, key.uniform(2L * i + 1) * 40 - 20);
            }
            if (this == DIVISORS
                    && dtype == DType.INT64
                    && host.get(ValueLayout.JAVA_LONG, 8L * i) == 0) {
                host.set(ValueLayout.JAVA_LONG, 8L * i, 7);
            }
        }
        return host;
    }

    /// {@return dense host memory with the special values, each `repeats` times running, all of it
    /// `rounds` times}
    MemorySegment specials(DType dtype, int repeats, int rounds) {
        int kinds = specialCount(dtype);
        MemorySegment host = memory(dtype, (long) kinds * repeats * rounds);
        for (int i = 0; i < kinds * repeats * rounds; i++) {
            special(host, dtype, i, i / repeats % kinds);
            if (this == DIVISORS
                    && dtype == DType.INT64
                    && host.get(ValueLayout.JAVA_LONG, 8L * i) == 0) {
                host.set(ValueLayout.JAVA_LONG, 8L * i, 7);
            }
        }
        return host;
    }

    /// {@return zeroed host memory on which every dtype is aligned}
    static MemorySegment memory(DType dtype, long count) {
        long bytes = count * dtype.byteSize();
        return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
    }

    private double bounded(double special) {
        return this == SUMMANDS && Double.isFinite(special)
                ? Math.clamp(special, -1e6, 1e6)
                : special;
    }

    private static void ordinary(MemorySegment host, DType dtype, long i, double value) {
        switch (dtype) {
            case FLOAT32 -> host.set(ValueLayout.JAVA_FLOAT, 4 * i, (float) value);
            case FLOAT64 -> host.set(ValueLayout.JAVA_DOUBLE, 8 * i, value);
            case INT64 -> host.set(ValueLayout.JAVA_LONG, 8 * i, (long) value);
            case BOOL -> host.set(ValueLayout.JAVA_BYTE, i, (byte) (value < 0 ? 0 : 1));
        }
    }

    private void special(MemorySegment host, DType dtype, long i, int which) {
        switch (dtype) {
            case FLOAT32 ->
                    host.set(ValueLayout.JAVA_FLOAT, 4 * i, (float) bounded(REALS_32[which]));
            case FLOAT64 -> host.set(ValueLayout.JAVA_DOUBLE, 8 * i, bounded(REALS_64[which]));
            case INT64 -> host.set(ValueLayout.JAVA_LONG, 8 * i, INTEGERS[which]);
            case BOOL -> host.set(ValueLayout.JAVA_BYTE, i, (byte) which);
        }
    }
}
