package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// A matrix in memory, one of a batch; places are in elements. What one thread looks at, now at one matrix, then at another.
final class Matrix {
    private MemorySegment segment;
    private long start;
    private Places rows;
    private Places columns;

    /// @param segment where it lies
    /// @param start the place of its first element
    /// @param rows where each row begins, from the first
    /// @param columns where each column begins, from the first
    Matrix(MemorySegment segment, long start, Places rows, Places columns) {
        this.segment = segment;
        this.start = start;
        this.rows = rows;
        this.columns = columns;
    }

    /// A matrix of no memory, to be set to another one.
    Matrix() {
        this(MemorySegment.NULL, 0, Places.even(1, 1), Places.even(1, 1));
    }

    /// Looks at one of a batch from now on.
    ///
    /// @return this
    Matrix look(Matrices batch, int number) {
        segment = batch.segment();
        start = batch.start() + batch.batch().at(number);
        rows = batch.rows();
        columns = batch.columns();
        return this;
    }

    MemorySegment segment() {
        return segment;
    }

    long start() {
        return start;
    }

    Places rows() {
        return rows;
    }

    Places columns() {
        return columns;
    }

    /// {@return the place of an element}
    long at(int row, int column) {
        return start + rows.at(row) + columns.at(column);
    }
}
