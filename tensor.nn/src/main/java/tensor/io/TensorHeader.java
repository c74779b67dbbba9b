package tensor.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tensor.layout.DType;
import tensor.layout.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// The JSON header of a tensor file: what stands where in the data part.
///
/// @param entries one for each tensor, in the order of the header
/// @param metadata the texts beside the tensors
record TensorHeader(SequencedMap<String, Entry> entries, SequencedMap<String, String> metadata) {
    /// The one name of the header that is no tensor.
    static final String METADATA = "__metadata__";

    /// How long the name of a tensor or text may be, in UTF-8.
    static final int MAX_NAME_BYTES = 50_000;

    /// Where one tensor lies.
    ///
    /// @param begin offset of its first byte in the data part
    /// @param end offset after its last byte
    record Entry(DType dtype, Shape shape, long begin, long end) {}

    /// Lays out values one after the other, in the order given.
    static TensorHeader of(
            SequencedMap<String, HostTensor> values, SequencedMap<String, String> metadata) {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        long offset = 0;
        for (var named : values.entrySet()) {
            HostTensor value = named.getValue();
            long end = offset + value.bytes().byteSize();
            entries.put(named.getKey(), new Entry(value.dtype(), value.shape(), offset, end));
            offset = end;
        }
        return new TensorHeader(entries, metadata);
    }

    /// {@return the JSON text in UTF-8, with spaces at the end up to a length divisible by 8}
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            entries.forEach((name, entry) -> write(json, name, entry));
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /// Reads the JSON text.
    ///
    /// @param start offset of the text in the file, for the place of a fault
    static TensorHeader parse(Path file, long start, byte[] text) throws TensorFileException {
        // A zero as second byte would make the JSON library read UTF-16.
        if (text.length < 2 || text[0] != '{' || text[1] == 0) {
            throw new TensorFileException(
                    file, start, "the header does not start with '{' of a JSON object");
        }
        try (JsonParser json = parser(text)) {
            return new Reader(file, start, json).header();
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new TensorFileException(
                    file, start + at, "the header is not JSON: " + e.getOriginalMessage());
        }
    }

    /// The library counts escaped characters in its own way, so its bound is a looser one.
    private static JsonParser parser(byte[] text) {
        var bounds = StreamReadConstraints.builder().maxNameLength(2 * MAX_NAME_BYTES).build();
        return JsonFactory.builder()
                .streamReadConstraints(bounds)
                .build()
                .createParser(ObjectReadContext.empty(), text);
    }

    /// {@return how many bytes the elements take}
    long dataLength() {
        return entries.values().stream().mapToLong(Entry::end).max().orElse(0);
    }

    /// Checks that the tensors cover the data part: no hole, no overlap, nothing behind its end.
    void checkCovers(Path file, long dataStart, long dataLength) throws TensorFileException {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(
                Comparator.comparingLong(
                                (Map.Entry<String, Entry> named) -> named.getValue().begin())
                        .thenComparingLong(named -> named.getValue().end()));
        long covered = 0;
        for (var named : inOrder) {
            Entry entry = named.getValue();
            if (entry.begin() != covered) {
                throw new TensorFileException(
                        file,
                        dataStart + covered,
                        "'%s' begins at offset %d, but the tensors before it end at %d"
                                .formatted(Shown.of(named.getKey()), entry.begin(), covered));
            }
            if (entry.end() > dataLength) {
                throw new TensorFileException(
                        file,
                        dataStart + dataLength,
                        "'%s' ends at offset %d, but there are %d bytes of data; is the file complete?"
                                .formatted(Shown.of(named.getKey()), entry.end(), dataLength));
            }
            covered = entry.end();
        }
        if (covered != dataLength) {
            throw new TensorFileException(
                    file,
                    dataStart + covered,
                    "%d bytes follow that belong to no tensor".formatted(dataLength - covered));
        }
    }

    private static void write(JsonGenerator json, String name, Entry entry) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("dtype", nameOf(entry.dtype()));
        json.writeArrayPropertyStart("shape");
        for (int size : entry.shape().sizes()) {
            json.writeNumber(size);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("data_offsets");
        json.writeNumber(entry.begin());
        json.writeNumber(entry.end());
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String nameOf(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case INT64 -> "I64";
            case INT32 -> "I32";
            case UINT8 -> "U8";
            case BOOL -> "BOOL";
        };
    }

    /// Walks through the JSON tokens; every method stands on the first token of its part and leaves on the last.
    private record Reader(Path file, long start, JsonParser json) {
        TensorHeader header() throws TensorFileException {
            expect(JsonToken.START_OBJECT, "an object");
            SequencedMap<String, Entry> entries = new LinkedHashMap<>();
            SequencedMap<String, String> metadata = new LinkedHashMap<>();
            boolean metadataSeen = false;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                checkUnicode(name);
                if (name.equals(METADATA)) {
                    if (metadataSeen) {
                        throw fault("'%s' stands twice".formatted(METADATA));
                    }
                    metadataSeen = true;
                    metadata(metadata);
                } else if (entries.put(name, entry(Shown.of(name))) != null) {
                    throw fault("'%s' stands twice".formatted(Shown.of(name)));
                }
            }
            if (json.nextToken() != null) {
                throw fault("text follows the end of the JSON object");
            }
            return new TensorHeader(entries, metadata);
        }

        private void metadata(SequencedMap<String, String> texts) throws TensorFileException {
            expect(JsonToken.START_OBJECT, "an object");
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                checkUnicode(name);
                expect(JsonToken.VALUE_STRING, "a text");
                checkUnicode(json.getString());
                if (texts.put(name, json.getString()) != null) {
                    throw fault("'%s' stands twice in '%s'".formatted(Shown.of(name), METADATA));
                }
            }
        }

        private Entry entry(String tensor) throws TensorFileException {
            expect(JsonToken.START_OBJECT, "an object");
            DType dtype = null;
            Shape shape = null;
            long[] offsets = null;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                boolean again =
                        switch (name) {
                            case "dtype" -> dtype != null;
                            case "shape" -> shape != null;
                            case "data_offsets" -> offsets != null;
                            default ->
                                    throw fault(
                                            "'%s' has the unknown property '%s'"
                                                    .formatted(tensor, Shown.of(name)));
                        };
                if (again) {
                    throw fault("'%s' has '%s' twice".formatted(tensor, name));
                }
                switch (name) {
                    case "dtype" -> dtype = dtype(tensor);
                    case "shape" -> shape = shape(tensor);
                    default -> offsets = numbers(tensor, "data_offsets");
                }
            }
            if (dtype == null || shape == null || offsets == null) {
                throw fault("'%s' needs dtype, shape and data_offsets".formatted(tensor));
            }
            return entry(tensor, dtype, shape, offsets);
        }

        private Entry entry(String tensor, DType dtype, Shape shape, long[] offsets)
                throws TensorFileException {
            if (offsets.length != 2 || offsets[0] > offsets[1]) {
                throw fault(
                        "'%s' has data_offsets %s; they are [begin, end]"
                                .formatted(tensor, Shown.of(Arrays.toString(offsets))));
            }
            long length = offsets[1] - offsets[0];
            // Divide rather than multiply: the product may not fit.
            if (length % dtype.byteSize() != 0
                    || length / dtype.byteSize() != shape.elementCount()) {
                throw fault(
                        "'%s' is %s %s, but its data_offsets give %d bytes"
                                .formatted(
                                        tensor, nameOf(dtype), Shown.of(shape.toString()), length));
            }
            return new Entry(dtype, shape, offsets[0], offsets[1]);
        }

        private DType dtype(String tensor) throws TensorFileException {
            expect(JsonToken.VALUE_STRING, "a text");
            String name = json.getString();
            for (DType dtype : DType.values()) {
                if (nameOf(dtype).equals(name)) {
                    return dtype;
                }
            }
            throw fault(
                    "'%s' has dtype '%s'; F64, F32, F16, BF16, I64, I32, U8 and BOOL can be read"
                            .formatted(tensor, Shown.of(name)));
        }

        private Shape shape(String tensor) throws TensorFileException {
            long[] numbers = numbers(tensor, "shape");
            int[] sizes = new int[numbers.length];
            long elementCount = 1;
            for (int i = 0; i < sizes.length; i++) {
                boolean fits =
                        numbers[i] <= Integer.MAX_VALUE
                                && Math.multiplyHigh(elementCount, numbers[i]) == 0
                                && elementCount * numbers[i] >= 0;
                if (!fits) {
                    throw fault(
                            "'%s' has shape %s, more than can be addressed"
                                    .formatted(tensor, Shown.of(Arrays.toString(numbers))));
                }
                sizes[i] = (int) numbers[i];
                elementCount *= numbers[i];
            }
            return Shape.of(sizes);
        }

        private long[] numbers(String tensor, String property) throws TensorFileException {
            expect(JsonToken.START_ARRAY, "an array");
            List<Long> numbers = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                numbers.add(json.getLongValue());
            }
            if (json.currentToken() != JsonToken.END_ARRAY
                    || numbers.stream().anyMatch(number -> number < 0)) {
                throw fault(
                        "'%s' has in '%s' something else than whole numbers from 0"
                                .formatted(tensor, property));
            }
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }

        private void checkUnicode(String text) throws TensorFileException {
            if (!isUnicode(text)) {
                throw fault("a name or text is not Unicode: half of a surrogate pair is missing");
            }
        }

        private void expect(JsonToken token, String what) throws TensorFileException {
            if (json.nextToken() != token) {
                String name = json.currentName();
                throw fault(
                        name == null
                                ? "the header is not " + what
                                : "'%s' is not %s".formatted(Shown.of(name), what));
            }
        }

        private TensorFileException fault(String what) {
            long at = Math.max(0, json.currentTokenLocation().getByteOffset());
            return new TensorFileException(file, start + at, what);
        }
    }
}
