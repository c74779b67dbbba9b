package tensor.cpu;

import java.lang.foreign.MemorySegment;
import tensor.spi.Operand;

/// A batch of matrices of one operand; places are in elements.
///
/// @param start the place of the first element of the first one
/// @param batch where each matrix begins, from the first
/// @param rows where each row begins, from its matrix
/// @param columns where each column begins, from its matrix
record Matrices(MemorySegment segment, long start, Places batch, Places rows, Places columns) {
    static Matrices of(Operand x, Places batch, Places rows, Places columns) {
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        return new Matrices(segment, x.layout().offset(), batch, rows, columns);
    }

    /// {@return these, each of them transposed}
    Matrices transposed() {
        return new Matrices(segment, start, batch, columns, rows);
    }
}
