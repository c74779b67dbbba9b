package tensor.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import tensor.layout.DType;
import tensor.spi.Backend;
import tensor.spi.Storage;

/// Elements in two plain arrays, of which a dtype uses one: floating point as doubles, integers and
/// bools as longs.
///
/// Released memory is overwritten, always, so that a use after release cannot pass a test by
/// chance.
final class ReferenceStorage extends Storage {
    private static final long POISON = 0x7EAD_7EAD_7EAD_7EADL;

    private final double[] reals;
    private final long[] integers;

    ReferenceStorage(Backend backend, DType dtype, long elementCount) {
        int reals = isReal(dtype) ? Math.toIntExact(elementCount) : 0;
        int integers = isReal(dtype) ? 0 : Math.toIntExact(elementCount);
        this(backend, dtype, elementCount, new double[reals], new long[integers]);
    }

    private ReferenceStorage(
            Backend backend, DType dtype, long elementCount, double[] reals, long[] integers) {
        super(backend, dtype, elementCount, () -> poison(reals, integers));
        this.reals = reals;
        this.integers = integers;
        poison(reals, integers); // contents are undefined: nobody may count on zeros
    }

    private static void poison(double[] reals, long[] integers) {
        Arrays.fill(reals, Double.NaN);
        Arrays.fill(integers, POISON);
    }

    /// {@return whether elements are floating point}
    static boolean isReal(DType dtype) {
        return dtype.isFloating() || dtype.isStorageOnly();
    }

    /// {@return a floating-point element}
    double real(long place) {
        return reals[(int) place];
    }

    /// Sets a floating-point element, rounded to the dtype.
    void real(long place, double value) {
        reals[(int) place] =
                switch (dtype()) {
                    case FLOAT32 -> (float) value;
                    case FLOAT16, BFLOAT16 -> {
                        HalfFormat format = HalfFormat.of(dtype());
                        yield format.value(format.bits(value));
                    }
                    case FLOAT64 -> value;
                    case INT64, INT32, UINT8, BOOL -> throw new AssertionError(dtype());
                };
    }

    /// {@return an integer or bool element}
    long integer(long place) {
        return integers[(int) place];
    }

    /// Sets an integer or bool element, of which the low bits stay.
    void integer(long place, long value) {
        integers[(int) place] =
                switch (dtype()) {
                    case INT64, BOOL -> value;
                    case INT32 -> (int) value;
                    case UINT8 -> value & 0xFF;
                    case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> throw new AssertionError(dtype());
                };
    }

    /// Sets any element to a bit pattern.
    void bits(long place, long bits) {
        switch (dtype()) {
            case FLOAT32 -> real(place, Float.intBitsToFloat((int) bits));
            case FLOAT64 -> real(place, Double.longBitsToDouble(bits));
            case FLOAT16, BFLOAT16 -> real(place, HalfFormat.of(dtype()).value(bits));
            case INT64, INT32, UINT8, BOOL -> integer(place, bits);
        }
    }

    /// Sets any element to that of a storage of the same dtype.
    void element(long place, ReferenceStorage from, long fromPlace) {
        if (isReal(dtype())) {
            reals[(int) place] = from.real(fromPlace);
        } else {
            integer(place, from.integer(fromPlace));
        }
    }

    void read(MemorySegment host) {
        for (int i = 0; i < elementCount(); i++) {
            switch (dtype()) {
                case FLOAT32 -> real(i, host.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i));
                case FLOAT64 -> real(i, host.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i));
                case FLOAT16, BFLOAT16 ->
                        bits(i, host.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
                case INT64 -> integer(i, host.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i));
                case INT32 -> integer(i, host.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i));
                case UINT8, BOOL -> integer(i, host.get(ValueLayout.JAVA_BYTE, i));
            }
        }
    }

    void write(MemorySegment host) {
        for (int i = 0; i < elementCount(); i++) {
            switch (dtype()) {
                case FLOAT32 -> host.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) real(i));
                case FLOAT64 -> host.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i, real(i));
                case FLOAT16, BFLOAT16 -> {
                    short bits = (short) HalfFormat.of(dtype()).bits(real(i));
                    host.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, bits);
                }
                case INT64 -> host.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, integer(i));
                case INT32 -> host.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, (int) integer(i));
                case UINT8, BOOL -> host.set(ValueLayout.JAVA_BYTE, i, (byte) integer(i));
            }
        }
    }
}
