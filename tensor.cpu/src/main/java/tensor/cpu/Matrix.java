package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// A matrix in memory; places are in elements.
///
/// @param start the place of its first element
/// @param rows where each row begins, from the first
/// @param columns where each column begins, from the first
record Matrix(MemorySegment segment, long start, Places rows, Places columns) {
    /// {@return the place of an element}
    long at(int row, int column) {
        return start + rows.at(row) + columns.at(column);
    }
}
