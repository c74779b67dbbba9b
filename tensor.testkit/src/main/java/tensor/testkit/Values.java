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
        1e20f,
        // halfway between two numbers of float16 or bfloat16
        0x1.002p0,
        0x1.006p0,
        0x1.01p0,
        0x1.03p0,
        0x1p-25,
        0x1.8p-24,
        0x1p-134,
        65520,
        // near the ends of uint8
        255.5,
        -0.5
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
        1e200,
        // halfway between two numbers of float16 or bfloat16, and a little more: float32 would lose
        // that
        0x1.002p0,
        0x1.0020000001p0,
        -0x1.0100000001p0,
        0x1.0000000001p-25,
        0x1.0000000001p-134,
        0x1.ffdffffffffffp15,
        65520,
        0x1.fefffffffffffp127,
        3e9,
        255.5
    };
    private static final double[] REALS_16 = {
        Double.NaN,
        0.0,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1,
        -1,
        0.5,
        300,
        -300.75,
        65504,
        -65504,
        0x1p-24,
        -0x1p-24,
        0x1.ff8p-15,
        0x1p-14,
        0x1p-133,
        -0x1p-133,
        0x1.fep127,
        -0x1.fep127
    };
    private static final long[] INTEGERS_64 = {
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0,
        1,
        -1,
        1L << 53,
        (1L << 53) + 1,
        33554431,
        1L << 31,
        65520,
        // halfway between two numbers of bfloat16, and a little more: float64 would lose that
        (1L << 62) + (1L << 54) + 1,
        -(1L << 62) - (1L << 54) - 1
    };
    private static final long[] INTEGERS_32 = {
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0,
        1,
        -1,
        (1 << 24) + 1,
        65519,
        65520,
        256,
        -129,
        (1 << 30) + (1 << 22) + 1
    };
    private static final long[] INTEGERS_8 = {0, 1, 127, 128, 200, 255};

    /// {@return how many special values a dtype has}
    static int specialCount(DType dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> reals(dtype).length;
            case INT64, INT32, UINT8 -> integers(dtype).length;
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
            if (this == DIVISORS && dtype.isInteger() && get(host, dtype, i) == 0) {
                set(host, dtype, i, 7);
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
            if (this == DIVISORS && dtype.isInteger() && get(host, dtype, i) == 0) {
                set(host, dtype, i, 7);
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
        long bits =
                switch (dtype) {
                    case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> dtype.bits(value);
                    case INT64, INT32, UINT8 -> dtype.bits((long) value);
                    case BOOL -> value < 0 ? 0 : 1;
                };
        set(host, dtype, i, bits);
    }

    private void special(MemorySegment host, DType dtype, long i, int which) {
        long bits =
                switch (dtype) {
                    case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 ->
                            dtype.bits(bounded(reals(dtype)[which]));
                    case INT64, INT32, UINT8 -> dtype.bits(integers(dtype)[which]);
                    case BOOL -> which;
                };
        set(host, dtype, i, bits);
    }

    private static double[] reals(DType dtype) {
        return dtype == DType.FLOAT32 ? REALS_32 : dtype == DType.FLOAT64 ? REALS_64 : REALS_16;
    }

    private static long[] integers(DType dtype) {
        return dtype == DType.INT64 ? INTEGERS_64 : dtype == DType.INT32 ? INTEGERS_32 : INTEGERS_8;
    }

    /// {@return the bits of an element; those above are 0}
    static long get(MemorySegment host, DType dtype, long i) {
        return switch (dtype.byteSize()) {
            case 1 -> Byte.toUnsignedLong(host.get(ValueLayout.JAVA_BYTE, i));
            case 2 -> Short.toUnsignedLong(host.get(ValueLayout.JAVA_SHORT, 2 * i));
            case 4 -> Integer.toUnsignedLong(host.get(ValueLayout.JAVA_INT, 4 * i));
            default -> host.get(ValueLayout.JAVA_LONG, 8 * i);
        };
    }

    /// Sets the bits of an element.
    static void set(MemorySegment host, DType dtype, long i, long bits) {
        switch (dtype.byteSize()) {
            case 1 -> host.set(ValueLayout.JAVA_BYTE, i, (byte) bits);
            case 2 -> host.set(ValueLayout.JAVA_SHORT, 2 * i, (short) bits);
            case 4 -> host.set(ValueLayout.JAVA_INT, 4 * i, (int) bits);
            default -> host.set(ValueLayout.JAVA_LONG, 8 * i, bits);
        }
    }
}
