package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// `out = a / b` on integers, truncated towards zero. Exactly `count` elements: behind them a zero would be a fault.
/// Template: the name of the type, the size of an element in bytes; single bytes have no sign.
final class IntegerDivide implements BinaryKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final String TYPE = (String) PARAMETERS.get(0);
    private static final int BYTES = (int) PARAMETERS.get(1);

    @Override
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        for (long i = 0; i < (long) BYTES * count; i += BYTES) {
            long divisor = get(b, bOffset + i);
            if (divisor == 0) {
                throw new ArithmeticException(
                        "div: %s is divided by 0; compare with 0 first".formatted(TYPE));
            }
            long quotient = get(a, aOffset + i) / divisor;
            switch (BYTES) {
                case 1 -> out.set(ValueLayout.JAVA_BYTE, outOffset + i, (byte) quotient);
                case 4 -> out.set(ValueLayout.JAVA_INT, outOffset + i, (int) quotient);
                default -> out.set(ValueLayout.JAVA_LONG, outOffset + i, quotient);
            }
        }
    }

    private static long get(MemorySegment segment, long offset) {
        return switch (BYTES) {
            case 1 -> Byte.toUnsignedLong(segment.get(ValueLayout.JAVA_BYTE, offset));
            case 4 -> segment.get(ValueLayout.JAVA_INT, offset);
            default -> segment.get(ValueLayout.JAVA_LONG, offset);
        };
    }
}
