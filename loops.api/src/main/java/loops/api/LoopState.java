package loops.api;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The plain, immutable values that a state dict is made of: numbers, texts, flags, arrays, and trees of them.
///
/// A state is data only. It has no reference to the object it was taken from, and the same state gives the
/// same object again, so it may be written to a file, compared, and loaded into any number of new objects.
/// Equality is by content; a real number is compared by its bits, so that `NaN` equals `NaN` and 0 differs
/// from -0.
public sealed interface LoopState {

    /// A whole number: counters, indices, seeds.
    ///
    /// @param value the number
    record Num(long value) implements LoopState {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /// A real number, kept to the last bit, infinities and NaN too.
    ///
    /// @param value the number
    record Real(double value) implements LoopState {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /// A text.
    ///
    /// @param value the text
    record Text(String value) implements LoopState {
        @Override
        public String toString() {
            return '"' + value + '"';
        }
    }

    /// A truth value.
    ///
    /// @param value true or false
    record Flag(boolean value) implements LoopState {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /// A list of states, in order.
    ///
    /// @param values the states
    record Items(List<LoopState> values) implements LoopState {
        /// Copies the list.
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }

    /// An array of binary numbers, such as a weight matrix: an element type, a shape and the bytes.
    ///
    /// @param type the name of the element type, in the words of whoever wrote it (`"F32"`)
    /// @param shape the size of each axis; empty for a single number
    /// @param bytes the elements, row by row; made read-only, and must not change afterwards
    record Data(String type, List<Long> shape, MemorySegment bytes) implements LoopState {
        /// Copies the shape and closes the bytes for writing.
        public Data {
            shape = List.copyOf(shape);
            bytes = bytes.asReadOnly();
        }

        @Override
        public boolean equals(Object other) {
            return other
                            instanceof
                            Data(String otherType, List<Long> otherShape, MemorySegment otherBytes)
                    && type.equals(otherType)
                    && shape.equals(otherShape)
                    && bytes.byteSize() == otherBytes.byteSize()
                    && bytes.mismatch(otherBytes) == -1;
        }

        /// {@inheritDoc} Looks at the type and shape alone, so that it stays cheap for large arrays.
        @Override
        public int hashCode() {
            return Objects.hash(type, shape);
        }

        @Override
        public String toString() {
            return type + shape;
        }
    }

    /// Named states in a fixed order. Equality does not look at the order.
    ///
    /// @param entries the states by name
    record Fields(SequencedMap<String, LoopState> entries) implements LoopState {
        private static final Fields EMPTY = new Fields(new LinkedHashMap<>());

        /// Copies the map.
        public Fields {
            entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        /// {@return no fields at all}
        public static Fields empty() {
            return EMPTY;
        }

        /// {@return the one field `name`, to which [#with] adds more}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        public static Fields of(String name, LoopState value) {
            return EMPTY.with(name, value);
        }

        /// {@return these fields and one more at the end}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        /// @throws IllegalArgumentException if there is a field of that name
        public Fields with(String name, LoopState value) {
            if (entries.containsKey(name)) {
                throw new IllegalArgumentException(
                        "Fields.with: there is a field '" + name + "' already");
            }
            var more = new LinkedHashMap<>(entries);
            more.put(name, value);
            return new Fields(more);
        }

        /// {@return these fields with a whole number added}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        public Fields with(String name, long value) {
            return with(name, new Num(value));
        }

        /// {@return these fields with a real number added}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        public Fields with(String name, double value) {
            return with(name, new Real(value));
        }

        /// {@return these fields with a text added}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        public Fields with(String name, String value) {
            return with(name, new Text(value));
        }

        /// {@return these fields with a truth value added}
        ///
        /// @param name the key in the state dict
        /// @param value what stands there
        public Fields with(String name, boolean value) {
            return with(name, new Flag(value));
        }

        /// {@return whether there is a field of that name}
        ///
        /// @param name the key in the state dict
        public boolean has(String name) {
            return entries.containsKey(name);
        }

        /// {@return the field `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing
        public LoopState get(String name) {
            var value = entries.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "loadStateDict: no '" + name + "'; found " + entries.keySet());
            }
            return value;
        }

        /// {@return the whole number `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing or something else
        public long num(String name) {
            if (get(name) instanceof Num(long value)) {
                return value;
            }
            throw wrong(name, "a whole number");
        }

        /// {@return the real number `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing or something else
        public double real(String name) {
            if (get(name) instanceof Real(double value)) {
                return value;
            }
            throw wrong(name, "a real number");
        }

        /// {@return the text `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing or something else
        public String text(String name) {
            if (get(name) instanceof Text(String value)) {
                return value;
            }
            throw wrong(name, "a text");
        }

        /// {@return the truth value `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing or something else
        public boolean flag(String name) {
            if (get(name) instanceof Flag(boolean value)) {
                return value;
            }
            throw wrong(name, "true or false");
        }

        /// {@return the list `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if it is missing or something else
        public List<LoopState> items(String name) {
            if (get(name) instanceof Items(List<LoopState> values)) {
                return values;
            }
            throw wrong(name, "a list");
        }

        /// {@return the fields under `name`}
        ///
        /// @param name the key in the state dict
        /// @throws IllegalArgumentException if they are missing or something else
        public Fields fields(String name) {
            if (get(name) instanceof Fields fields) {
                return fields;
            }
            throw wrong(name, "named fields");
        }

        /// {@return every leaf by its dotted path: `epoch_loop.batch_progress.current.ready`}
        /// A list is a leaf, and so is an empty set of fields.
        public SequencedMap<String, LoopState> leaves() {
            var leaves = new LinkedHashMap<String, LoopState>();
            collect("", leaves);
            return leaves;
        }

        private void collect(String prefix, Map<String, LoopState> leaves) {
            entries.forEach((name, value) -> {
                if (value instanceof Fields inner && !inner.entries.isEmpty()) {
                    inner.collect(prefix + name + ".", leaves);
                } else {
                    leaves.put(prefix + name, value);
                }
            });
        }

        private IllegalArgumentException wrong(String name, String wanted) {
            return new IllegalArgumentException(
                    "loadStateDict: '%s' is %s, needs to be %s"
                            .formatted(name, entries.get(name), wanted));
        }

        @Override
        public String toString() {
            return entries.toString();
        }
    }
}
