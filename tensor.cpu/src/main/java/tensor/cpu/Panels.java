package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/// Packs the second matrix of a product: panels of two vectors of columns, in which one row follows the other.
///
/// A panel reaches beyond the last column where the columns do not fill it; what stands there means nothing, for lanes do
/// not mix.
final class Panels {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /// The bytes of one row of a panel.
    static final int ROW_BYTES = 2 * SPECIES.vectorByteSize();

    private Panels() {}

    /// Packs one panel, `columns × depth` elements from the offset on.
    static void pack(
            MatMulKernel.Matrix b,
            long offset,
            int columns,
            int depth,
            int byteSize,
            MemorySegment out,
            long to) {
        if (b.rowsContiguous()) {
            packRows(b.segment(), offset, b.rowBytes(), depth, out, to);
        } else {
            packColumns(b.segment(), offset, b.columnBytes(), columns, depth, byteSize, out, to);
        }
    }

    /// Reads up to [MemoryPool#SLACK] bytes past the end of a row.
    private static void packRows(
            MemorySegment b, long offset, long rowBytes, int depth, MemorySegment out, long to) {
        for (int p = 0; p < depth; p++) {
            long from = offset + p * rowBytes;
            long at = to + (long) p * ROW_BYTES;
            ByteVector.fromMemorySegment(SPECIES, b, from, ORDER).intoMemorySegment(out, at, ORDER);
            ByteVector.fromMemorySegment(SPECIES, b, from + ROW_BYTES / 2, ORDER)
                    .intoMemorySegment(out, at + ROW_BYTES / 2, ORDER);
        }
    }

    private static void packColumns(
            MemorySegment b,
            long offset,
            long columnBytes,
            int columns,
            int depth,
            int byteSize,
            MemorySegment out,
            long to) {
        for (int j = 0; j < columns; j++) {
            long from = offset + j * columnBytes;
            long at = to + (long) j * byteSize;
            if (byteSize == 4) {
                packInts(b, from, depth, out, at);
            } else {
                packLongs(b, from, depth, out, at);
            }
        }
    }

    private static void packInts(
            MemorySegment b, long from, int depth, MemorySegment out, long to) {
        for (int p = 0; p < depth; p++) {
            int element = b.get(ValueLayout.JAVA_INT, from + 4L * p);
            out.set(ValueLayout.JAVA_INT, to + p * (long) ROW_BYTES, element);
        }
    }

    private static void packLongs(
            MemorySegment b, long from, int depth, MemorySegment out, long to) {
        for (int p = 0; p < depth; p++) {
            long element = b.get(ValueLayout.JAVA_LONG, from + 8L * p);
            out.set(ValueLayout.JAVA_LONG, to + p * (long) ROW_BYTES, element);
        }
    }
}
