package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// How a kernel goes over operands of one shape: the fewest axes that all of them have in common, and where each operand
/// lies on these.
///
/// Axes of size 1 are dropped, and two neighbours become one where that is possible for every operand.
///
/// @param sizes of the axes, at most [#RANK]
/// @param places of the operands
record Walk(List<Long> sizes, List<Place> places) {
    /// The most axes that a kernel takes.
    static final int RANK = 8;

    /// Where an operand lies.
    ///
    /// @param offset of its first element
    /// @param strides of the axes, in elements
    record Place(long offset, List<Long> strides) {
        private Place at(long index) {
            return new Place(
                    offset + index * strides.getFirst(), strides.subList(1, strides.size()));
        }

        /// {@return the struct of a kernel}
        Driver.Numbers argument() {
            long[] values = new long[1 + RANK];
            values[0] = offset;
            for (int axis = 0; axis < strides.size(); axis++) {
                values[1 + axis] = strides.get(axis);
            }
            return new Driver.Numbers(values);
        }
    }

    /// {@return how to go over operands of one shape}
    static Walk over(Layout... layouts) {
        Shape shape = layouts[0].shape();
        int rank = shape.rank();
        List<Long> sizes = new ArrayList<>();
        List<List<Long>> strides = new ArrayList<>();
        for (int i = 0; i < layouts.length; i++) {
            strides.add(new ArrayList<>());
        }
        for (int axis = 0; axis < rank; axis++) {
            long size = shape.size(axis);
            if (size == 1) {
                continue;
            }
            int last = sizes.size() - 1;
            boolean joins = last >= 0;
            for (int i = 0; joins && i < layouts.length; i++) {
                joins = strides.get(i).get(last) == size * layouts[i].stride(axis);
            }
            if (joins) {
                sizes.set(last, sizes.get(last) * size);
            } else {
                sizes.add(size);
            }
            for (int i = 0; i < layouts.length; i++) {
                if (joins) {
                    strides.get(i).set(last, layouts[i].stride(axis));
                } else {
                    strides.get(i).add(layouts[i].stride(axis));
                }
            }
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < layouts.length; i++) {
            places.add(new Place(layouts[i].offset(), strides.get(i)));
        }
        return new Walk(sizes, places);
    }

    /// {@return where an operand lies, as the struct of a kernel}
    Driver.Numbers place(int operand) {
        return places.get(operand).argument();
    }

    /// {@return how many elements there are}
    long count() {
        return sizes.stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
    }

    /// {@return the struct of a kernel}
    Driver.Numbers argument() {
        long[] values = new long[2 + RANK];
        Arrays.fill(values, 1);
        values[0] = count();
        values[1] = Math.max(1, sizes.size());
        for (int axis = 0; axis < sizes.size(); axis++) {
            values[2 + axis] = sizes.get(axis);
        }
        return new Driver.Numbers(values);
    }

    /// Gives `body` this, or each of its parts where it has more axes than a kernel takes.
    void forEachPart(Consumer<Walk> body) {
        if (sizes.size() <= RANK) {
            body.accept(this);
            return;
        }
        for (long i = 0; i < sizes.getFirst(); i++) {
            long index = i;
            List<Place> parts = places.stream().map(place -> place.at(index)).toList();
            new Walk(sizes.subList(1, sizes.size()), parts).forEachPart(body);
        }
    }
}
