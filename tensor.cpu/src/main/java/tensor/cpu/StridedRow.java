package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Copies elements that lie at equal distances, one by one.
final class StridedRow {
    private StridedRow() {}

    /// Copies `count` elements; offsets and steps in bytes.
    static void copy(
            MemorySegment source,
            long sourceOffset,
            long sourceStep,
            MemorySegment target,
            long targetOffset,
            long targetStep,
            int count,
            int byteSize) {
        switch (byteSize) {
            case 1 ->
                    bytes(
                            source,
                            sourceOffset,
                            sourceStep,
                            target,
                            targetOffset,
                            targetStep,
                            count);
            case 2 ->
                    shorts(
                            source,
                            sourceOffset,
                            sourceStep,
                            target,
                            targetOffset,
                            targetStep,
                            count);
            case 4 ->
                    ints(source, sourceOffset, sourceStep, target, targetOffset, targetStep, count);
            default ->
                    longs(
                            source,
                            sourceOffset,
                            sourceStep,
                            target,
                            targetOffset,
                            targetStep,
                            count);
        }
    }

    private static void bytes(
            MemorySegment source,
            long s,
            long sStep,
            MemorySegment target,
            long t,
            long tStep,
            int n) {
        for (int i = 0; i < n; i++) {
            byte element = source.get(ValueLayout.JAVA_BYTE, s + i * sStep);
            target.set(ValueLayout.JAVA_BYTE, t + i * tStep, element);
        }
    }

    private static void shorts(
            MemorySegment source,
            long s,
            long sStep,
            MemorySegment target,
            long t,
            long tStep,
            int n) {
        for (int i = 0; i < n; i++) {
            short element = source.get(ValueLayout.JAVA_SHORT, s + i * sStep);
            target.set(ValueLayout.JAVA_SHORT, t + i * tStep, element);
        }
    }

    private static void ints(
            MemorySegment source,
            long s,
            long sStep,
            MemorySegment target,
            long t,
            long tStep,
            int n) {
        for (int i = 0; i < n; i++) {
            int element = source.get(ValueLayout.JAVA_INT, s + i * sStep);
            target.set(ValueLayout.JAVA_INT, t + i * tStep, element);
        }
    }

    private static void longs(
            MemorySegment source,
            long s,
            long sStep,
            MemorySegment target,
            long t,
            long tStep,
            int n) {
        for (int i = 0; i < n; i++) {
            long element = source.get(ValueLayout.JAVA_LONG, s + i * sStep);
            target.set(ValueLayout.JAVA_LONG, t + i * tStep, element);
        }
    }
}
