package tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tensor.api.Tensor;
import tensor.layout.DType;

/// Named tensors in one file, in the safetensors format.
///
/// ```text
/// 8 bytes   N, the length of the header, unsigned little-endian
/// N bytes   JSON: {"__metadata__": {text: text}, name: {"dtype": …, "shape": […], "data_offsets": [begin, end]}, …}
/// the rest  the elements: little-endian, row-major, without holes; offsets count from the start of this part
/// ```
///
/// Read and written are the types F64, F32, F16, BF16, I64, I32, U8 and BOOL. Written tensors stand in the order of their
/// element size, largest first, then of their names, so equal content gives equal bytes and every element lies aligned.
///
/// ```java
/// TensorFile.ofTensors(model.stateDict()).write(file);
/// model.loadStateDict(TensorFile.read(file).tensors());
/// ```
///
/// Immutable; its values live on the Java heap, or in the file by [#map].
public final class TensorFile {
    private static final int LENGTH_BYTES = Long.BYTES;

    /// The format's own bound; it keeps a damaged length from asking for much memory.
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int CHUNK_BYTES = 1 << 20;

    private final SequencedMap<String, HostTensor> entries;
    private final SequencedMap<String, String> metadata;

    private TensorFile(Map<String, HostTensor> entries, Map<String, String> metadata) {
        if (entries.containsKey(TensorHeader.METADATA)) {
            throw new IllegalArgumentException(
                    "TensorFile: a tensor is named '%s'; the format keeps this name for texts"
                            .formatted(TensorHeader.METADATA));
        }
        entries.keySet().forEach(TensorFile::checkName);
        metadata.keySet().forEach(TensorFile::checkName);
        metadata.values().forEach(TensorFile::checkUnicode);
        this.entries = Collections.unmodifiableSequencedMap(inFileOrder(entries));
        this.metadata = Collections.unmodifiableSequencedMap(new TreeMap<>(metadata));
    }

    /// {@return the content made of these values}
    ///
    /// @param entries values by name
    /// @throws IllegalArgumentException if a name is `__metadata__`, not Unicode, or has more than 50,000 bytes in UTF-8
    public static TensorFile of(Map<String, HostTensor> entries) {
        return new TensorFile(entries, Map.of());
    }

    /// {@return the content made of copies of these tensors}
    ///
    /// @param tensors tensors by name
    /// @throws IllegalArgumentException if a name is `__metadata__`, not Unicode, or has more than 50,000 bytes in UTF-8
    public static TensorFile ofTensors(Map<String, Tensor> tensors) {
        SequencedMap<String, HostTensor> entries = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> entries.put(name, HostTensor.of(tensor)));
        return of(entries);
    }

    /// {@return the same tensors with these texts beside them instead of the present ones}
    ///
    /// @param texts by name
    /// @throws IllegalArgumentException if one is not Unicode, or a name has more than 50,000 bytes in UTF-8
    public TensorFile withMetadata(Map<String, String> texts) {
        return new TensorFile(entries, texts);
    }

    /// {@return the values by name, in the order of the file}
    public SequencedMap<String, HostTensor> entries() {
        return entries;
    }

    /// {@return the texts beside the tensors, by name; empty if there are none}
    public SequencedMap<String, String> metadata() {
        return metadata;
    }

    /// {@return new tensors with these values on the current device, by name}
    public SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        entries.forEach((name, values) -> tensors.put(name, values.tensor()));
        return tensors;
    }

    /// Reads a file. Every length and offset is checked against the file's size before memory is taken for it.
    ///
    /// @param file where it is
    /// @return what the file holds
    /// @throws TensorFileException if the bytes are not a tensor file, or hold another element type
    /// @throws IOException if the file cannot be read
    public static TensorFile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            TensorHeader header = header(file, channel, size);
            long dataStart = size - header.dataLength();
            SequencedMap<String, HostTensor> entries = new LinkedHashMap<>();
            for (var entry : header.entries().entrySet()) {
                entries.put(entry.getKey(), readEntry(file, channel, dataStart, entry.getValue()));
            }
            return new TensorFile(entries, header.metadata());
        }
    }

    /// Reads a file without taking memory for its elements: they are read from the disk where they are first looked at.
    ///
    /// The file must not change while it is mapped. When `arena` is closed, the values can no longer be read.
    ///
    /// @param file where it is
    /// @param arena how long the file stays mapped
    /// @return what the file holds
    /// @throws TensorFileException as [#read]
    /// @throws IOException if the file cannot be read
    public static TensorFile map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            TensorHeader header = header(file, channel, size);
            long dataStart = size - header.dataLength();
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            SequencedMap<String, HostTensor> entries = new LinkedHashMap<>();
            for (var named : header.entries().entrySet()) {
                var entry = named.getValue();
                MemorySegment bytes =
                        mapped.asSlice(dataStart + entry.begin(), entry.end() - entry.begin());
                entries.put(named.getKey(), tensor(file, dataStart, entry, bytes));
            }
            return new TensorFile(entries, header.metadata());
        }
    }

    /// Writes a file, replacing what stood there, and waits until the device has it (fsync).
    ///
    /// It is written beside its place, under its name with `.unfinished`, and renamed when it is whole. So what stands there may be
    /// the file that these values are [mapped][#map] from, and stays if the writing fails.
    ///
    /// @param file where it is
    /// @throws IllegalArgumentException if names and texts take more than the format's bound of 100,000,000 bytes
    /// @throws IOException if the file cannot be written
    public void write(Path file) throws IOException {
        byte[] header = TensorHeader.of(entries, metadata).toBytes();
        if (header.length > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "TensorFile: names, shapes and texts take %d bytes; the format allows %d"
                            .formatted(header.length, MAX_HEADER_BYTES));
        }
        WholeFile.write(
                file,
                channel -> {
                    ByteBuffer length =
                            ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    writeFully(channel, length.putLong(header.length).flip());
                    writeFully(channel, ByteBuffer.wrap(header));
                    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
                    for (HostTensor values : entries.values()) {
                        writeValues(channel, values.bytes(), chunk);
                    }
                });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorFile that
                && entries.equals(that.entries)
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return 31 * entries.hashCode() + metadata.hashCode();
    }

    @Override
    public String toString() {
        return "TensorFile " + entries.keySet();
    }

    private static void checkName(String name) {
        checkUnicode(name);
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > TensorHeader.MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "TensorFile: the name '%s' has %d bytes in UTF-8; at most %d can be read back"
                            .formatted(Shown.of(name), length, TensorHeader.MAX_NAME_BYTES));
        }
    }

    private static void checkUnicode(String text) {
        if (!TensorHeader.isUnicode(text)) {
            throw new IllegalArgumentException(
                    "TensorFile: the name '%s' is not Unicode: half of a surrogate pair is missing"
                            .formatted(Shown.of(text)));
        }
    }

    private static SequencedMap<String, HostTensor> inFileOrder(Map<String, HostTensor> entries) {
        SequencedMap<String, HostTensor> sorted = new LinkedHashMap<>();
        Comparator<Map.Entry<String, HostTensor>> largestElementsFirst =
                Comparator.comparingInt(entry -> -entry.getValue().dtype().byteSize());
        entries.entrySet().stream()
                .sorted(largestElementsFirst.thenComparing(Map.Entry::getKey))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /// {@return the header, which fits the rest of the file}
    private static TensorHeader header(Path file, FileChannel channel, long fileSize)
            throws IOException {
        long headerLength = headerLength(file, channel, fileSize);
        byte[] text = new byte[Math.toIntExact(headerLength)];
        readFully(file, channel, MemorySegment.ofArray(text), LENGTH_BYTES);
        long dataStart = LENGTH_BYTES + headerLength;
        TensorHeader header = TensorHeader.parse(file, LENGTH_BYTES, text);
        header.checkCovers(file, dataStart, fileSize - dataStart);
        return header;
    }

    private static long headerLength(Path file, FileChannel channel, long fileSize)
            throws IOException {
        if (fileSize < LENGTH_BYTES) {
            throw new TensorFileException(
                    file,
                    0,
                    "the file has %d bytes; a tensor file starts with the 8 bytes of its header's length"
                            .formatted(fileSize));
        }
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(file, channel, MemorySegment.ofBuffer(bytes), 0);
        long length = bytes.getLong(0);
        if (length < 0 || length > fileSize - LENGTH_BYTES) {
            throw new TensorFileException(
                    file,
                    0,
                    "the header's length is given as %s, but only %d bytes follow; is the file complete?"
                            .formatted(Long.toUnsignedString(length), fileSize - LENGTH_BYTES));
        }
        if (length > MAX_HEADER_BYTES) {
            throw new TensorFileException(
                    file,
                    0,
                    "the header's length is given as %d; the format allows %d"
                            .formatted(length, MAX_HEADER_BYTES));
        }
        return length;
    }

    private static HostTensor readEntry(
            Path file, FileChannel channel, long dataStart, TensorHeader.Entry entry)
            throws IOException {
        long length = entry.end() - entry.begin();
        if (length > HostTensor.MAX_BYTES) {
            throw new TensorFileException(
                    file,
                    dataStart + entry.begin(),
                    "a tensor has %d bytes; the heap holds at most %d of one tensor"
                            .formatted(length, HostTensor.MAX_BYTES));
        }
        MemorySegment bytes = HostTensor.allocate(length);
        readFully(file, channel, bytes, dataStart + entry.begin());
        return tensor(file, dataStart, entry, bytes);
    }

    private static HostTensor tensor(
            Path file, long dataStart, TensorHeader.Entry entry, MemorySegment bytes)
            throws TensorFileException {
        if (entry.dtype() == DType.BOOL) {
            long wrong = HostTensor.firstNotBoolean(bytes);
            if (wrong >= 0) {
                throw new TensorFileException(
                        file,
                        dataStart + entry.begin() + wrong,
                        "a BOOL is %d; it is 0 or 1"
                                .formatted(bytes.get(ValueLayout.JAVA_BYTE, wrong)));
            }
        }
        return new HostTensor(entry.dtype(), entry.shape(), bytes);
    }

    /// Heap memory that is not made of bytes has no [ByteBuffer] view, hence the chunks.
    private static void readFully(
            Path file, FileChannel channel, MemorySegment target, long position)
            throws IOException {
        ByteBuffer chunk =
                ByteBuffer.allocate(Math.toIntExact(Math.min(CHUNK_BYTES, target.byteSize())));
        long done = 0;
        while (done < target.byteSize()) {
            chunk.clear()
                    .limit(Math.toIntExact(Math.min(chunk.capacity(), target.byteSize() - done)));
            if (channel.read(chunk, position + done) < 0) {
                throw new TensorFileException(
                        file, position + done, "the file became shorter while it was read");
            }
            chunk.flip();
            int read = chunk.remaining();
            target.asSlice(done, read).copyFrom(MemorySegment.ofBuffer(chunk));
            done += read;
        }
    }

    private static void writeValues(FileChannel channel, MemorySegment bytes, ByteBuffer chunk)
            throws IOException {
        for (long done = 0; done < bytes.byteSize(); done += chunk.limit()) {
            chunk.clear()
                    .limit(Math.toIntExact(Math.min(chunk.capacity(), bytes.byteSize() - done)));
            MemorySegment.ofBuffer(chunk).copyFrom(bytes.asSlice(done, chunk.limit()));
            writeFully(channel, chunk);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
