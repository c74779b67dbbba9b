package tensor.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tensor.layout.DType;
import tensor.layout.Shape;

/// The text at the start of a `.npy` file: a Python dictionary of three entries.
///
/// @param type how the elements stand in the file
/// @param order of the bytes of an element
/// @param columnMajor whether the first axis is the innermost
/// @param shape the sizes of the axes
record NpyHeader(ElementType type, ByteOrder order, boolean columnMajor, Shape shape) {
    private static final Map<String, ElementType> TYPES =
            Map.ofEntries(
                    Map.entry("b1", ElementType.BOOL),
                    Map.entry("i1", ElementType.INT8),
                    Map.entry("i2", ElementType.INT16),
                    Map.entry("i4", ElementType.INT32),
                    Map.entry("i8", ElementType.INT64),
                    Map.entry("u1", ElementType.UINT8),
                    Map.entry("u2", ElementType.UINT16),
                    Map.entry("u4", ElementType.UINT32),
                    Map.entry("f2", ElementType.FLOAT16),
                    Map.entry("f4", ElementType.FLOAT32),
                    Map.entry("f8", ElementType.FLOAT64));

    /// {@return the text for values of ours}
    ///
    /// @throws IllegalArgumentException if NumPy lacks the type
    static String text(DType dtype, Shape shape) {
        String sizes =
                Arrays.stream(shape.sizes())
                        .mapToObj(size -> size + ",")
                        .collect(Collectors.joining(" "));
        return "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                .formatted(
                        descr(dtype),
                        shape.rank() > 1 ? sizes.substring(0, sizes.length() - 1) : sizes);
    }

    private static String descr(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case FLOAT16 -> "<f2";
            case INT64 -> "<i8";
            case INT32 -> "<i4";
            case UINT8 -> "|u1";
            case BOOL -> "|b1";
            case BFLOAT16 ->
                    throw new IllegalArgumentException(
                            "NpyFile: NumPy has no bfloat16; cast to float32, or write a TensorFile");
        };
    }

    /// {@return what a text says}
    ///
    /// @param in where it stands
    /// @param start its place there
    static NpyHeader parse(ByteSource in, long start, byte[] text) throws IOException {
        return new Reader(in, start, new String(text, StandardCharsets.ISO_8859_1)).header();
    }

    /// Reads the few forms of Python that occur: a dictionary, texts, True and False, a tuple of whole numbers.
    private static final class Reader {
        private final ByteSource in;
        private final long start;
        private final String text;
        private int at;

        Reader(ByteSource in, long start, String text) {
            this.in = in;
            this.start = start;
            this.text = text;
        }

        NpyHeader header() throws IOException {
            Set<String> open = new TreeSet<>(Set.of("descr", "fortran_order", "shape"));
            String descr = "";
            boolean columnMajor = false;
            Shape shape = Shape.scalar();
            expect('{');
            while (!next('}')) {
                String name = quoted();
                if (!open.remove(name)) {
                    throw fault("'%s' is unknown, or stands twice".formatted(name));
                }
                expect(':');
                switch (name) {
                    case "descr" -> descr = quoted();
                    case "shape" -> shape = tuple();
                    default -> columnMajor = truth();
                }
                if (!next(',')) {
                    expect('}');
                    at--;
                }
            }
            skipSpaces();
            if (at < text.length()) {
                throw fault("text follows the dictionary");
            }
            if (!open.isEmpty()) {
                throw fault("%s are missing".formatted(open));
            }
            return new NpyHeader(type(descr), order(descr), columnMajor, shape);
        }

        private ElementType type(String descr) throws IOException {
            ElementType type = descr.isEmpty() ? null : TYPES.get(descr.substring(1));
            if (type == null || "<>|=".indexOf(descr.charAt(0)) < 0) {
                throw fault(
                        "the type is '%s'; b1, i1, i2, i4, i8, u1, u2, u4, f2, f4 and f8 can be read"
                                .formatted(descr));
            }
            return type;
        }

        private static ByteOrder order(String descr) {
            return switch (descr.charAt(0)) {
                case '>' -> ByteOrder.BIG_ENDIAN;
                case '=' -> ByteOrder.nativeOrder();
                default -> ByteOrder.LITTLE_ENDIAN;
            };
        }

        private String quoted() throws IOException {
            skipSpaces();
            char quote = at < text.length() ? text.charAt(at) : ' ';
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw fault("a text in quotes is missing");
            }
            String quoted = text.substring(at + 1, end);
            at = end + 1;
            return quoted;
        }

        private boolean truth() throws IOException {
            skipSpaces();
            for (String word : new String[] {"True", "False"}) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw fault("True or False is missing");
        }

        private Shape tuple() throws IOException {
            long begin = start + at;
            var sizes = new ArrayList<Long>();
            expect('(');
            while (!next(')')) {
                sizes.add(whole());
                if (!next(',')) {
                    expect(')');
                    at--;
                }
            }
            return Sizes.shape(in, begin, sizes.stream().mapToLong(Long::longValue).toArray());
        }

        private long whole() throws IOException {
            skipSpaces();
            int from = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            if (at == from || at - from > 18) {
                at = from;
                throw fault("a whole number from 0 is missing, or is more than can be addressed");
            }
            return Long.parseLong(text.substring(from, at));
        }

        private boolean next(char wanted) {
            skipSpaces();
            boolean there = at < text.length() && text.charAt(at) == wanted;
            at += there ? 1 : 0;
            return there;
        }

        private void expect(char wanted) throws IOException {
            if (!next(wanted)) {
                throw fault("'%s' is missing".formatted(wanted));
            }
        }

        private void skipSpaces() {
            while (at < text.length() && " \n\t\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private TensorFileException fault(String what) {
            return in.fault(start + at, "the header: " + what);
        }
    }
}
