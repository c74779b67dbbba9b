package loops.core.logger;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Metrics by name, in order: one row of a log, without a box around a value.
///
/// The loops write row after row into the same one, so that a logged step leaves no garbage. Whoever keeps a row takes
/// [#toMap].
public final class MetricRow {
    private static final int FEW = 8;

    private String[] names = new String[FEW];
    private double[] values = new double[FEW];
    private int size;

    /// A row without metrics.
    public MetricRow() {}

    /// {@return how many metrics it has}
    public int size() {
        return size;
    }

    /// {@return the name of one metric}
    ///
    /// @param index its place, from 0
    public String name(int index) {
        return names[check(index)];
    }

    /// {@return the value of one metric}
    ///
    /// @param index its place, from 0
    public double value(int index) {
        return values[check(index)];
    }

    private int check(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(
                    "MetricRow: index is %d and the row has %d metrics; they are counted from 0"
                            .formatted(index, size));
        }
        return index;
    }

    /// {@return the place of a metric, from 0; -1 if there is none of that name}
    ///
    /// @param name its name
    public int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /// Puts a metric behind the others, or another value in the place that it has.
    ///
    /// @param name its name
    /// @param value its value
    public void put(String name, double value) {
        int index = indexOf(name);
        if (index < 0) {
            index = size++;
            if (index == names.length) {
                names = Arrays.copyOf(names, 2 * index);
                values = Arrays.copyOf(values, 2 * index);
            }
            names[index] = name;
        }
        values[index] = value;
    }

    /// Takes one metric out.
    ///
    /// @param index its place, from 0
    public void remove(int index) {
        check(index);
        size--;
        System.arraycopy(names, index + 1, names, index, size - index);
        System.arraycopy(values, index + 1, values, index, size - index);
    }

    /// Takes all metrics out.
    public void clear() {
        size = 0;
    }

    /// {@return the same metrics, which later changes of this row do not touch}
    public SequencedMap<String, Double> toMap() {
        var map = new LinkedHashMap<String, Double>();
        for (int i = 0; i < size; i++) {
            map.put(names[i], values[i]);
        }
        return map;
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
