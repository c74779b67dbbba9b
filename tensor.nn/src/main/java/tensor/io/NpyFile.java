package tensor.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// One array in a file, in NumPy's `.npy` format.
///
/// ```text
/// 6 bytes        \x93NUMPY
/// 2 bytes        the version of the format: 1, 2 or 3, and 0
/// 2 or 4 bytes   the length of the header, little-endian; 4 from version 2 on
/// the header     {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, spaces, a line feed
/// the rest       the elements
/// ```
///
/// Read are truth values, whole numbers of 1 to 8 bytes, unsigned ones up to 4, and floating point of 2, 4 and 8 bytes, of
/// both byte orders and both orders of axes. What is none of our types is read as the next that holds it: int8, int16 and
/// uint16 as int32, uint32 as int64. Written are all types but bfloat16.
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /// NumPy's own headers are far shorter; it keeps a damaged length from asking for much memory.
    private static final int MAX_HEADER_BYTES = 1 << 16;

    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    /// {@return what a file holds} Every length and size is checked before memory is taken for it.
    ///
    /// @param file where it is
    /// @throws TensorFileException if the bytes are not such a file, or of a type that cannot be read
    /// @throws IOException if the file cannot be read
    public static HostTensor read(Path file) throws IOException {
        try (ByteSource in = ByteSource.of(file)) {
            return read(in);
        }
    }

    static HostTensor read(ByteSource in) throws IOException {
        byte[] start = in.bytes(MAGIC.length + 2, "the start of an .npy file");
        if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw in.fault(0, "an .npy file starts with \\x93NUMPY");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw in.fault(
                    MAGIC.length,
                    "the version of the format is %d; 1, 2 and 3 can be read".formatted(version));
        }
        long at = start.length;
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] given = Arrays.copyOf(in.bytes(lengthBytes, "the length of the header"), 4);
        int length = ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw in.fault(
                    at,
                    "the header's length is given as %s; at most %d can be read"
                            .formatted(Integer.toUnsignedString(length), MAX_HEADER_BYTES));
        }
        NpyHeader header = NpyHeader.parse(in, at + lengthBytes, in.bytes(length, "the header"));
        return elements(in, header, at + lengthBytes + length);
    }

    private static HostTensor elements(ByteSource in, NpyHeader header, long at)
            throws IOException {
        Shape shape = header.shape();
        MemorySegment bytes =
                in.values(Sizes.bytes(shape, header.type()), "the elements of %s".formatted(shape));
        in.requireEnd();
        MemorySegment values = header.type().converted(bytes, header.order());
        if (header.type().dtype() == DType.BOOL) {
            long wrong = HostTensor.firstNotBoolean(values);
            if (wrong >= 0) {
                throw in.fault(at + wrong, "a truth value is neither 0 nor 1");
            }
        }
        return new HostTensor(
                header.type().dtype(),
                shape,
                header.columnMajor() ? rowMajor(values, header.type().dtype(), shape) : values);
    }

    private static MemorySegment rowMajor(MemorySegment values, DType dtype, Shape shape) {
        int[] reversed = new int[shape.rank()];
        int[] axes = new int[shape.rank()];
        for (int axis = 0; axis < axes.length; axis++) {
            reversed[axis] = shape.size(-1 - axis);
            axes[axis] = axes.length - 1 - axis;
        }
        Layout layout = Layout.contiguous(Shape.of(reversed)).permute(axes);
        MemorySegment ordered = HostTensor.allocate(values.byteSize());
        int[] index = new int[shape.rank()];
        int size = dtype.byteSize();
        for (long i = 0; i < shape.elementCount(); i++) {
            MemorySegment.copy(values, layout.place(index) * size, ordered, i * size, size);
            for (int axis = index.length - 1; axis >= 0; axis--) {
                if (++index[axis] < shape.size(axis)) {
                    break;
                }
                index[axis] = 0;
            }
        }
        return ordered;
    }

    /// Writes a file, replacing what stood there when it is whole.
    ///
    /// @param file where it is
    /// @param values what it is to hold
    /// @throws IllegalArgumentException if they are bfloat16, which NumPy lacks
    /// @throws IOException if the file cannot be written
    public static void write(Path file, HostTensor values) throws IOException {
        byte[] start = start(values);
        WholeFile.write(
                file,
                channel -> {
                    var out = new BufferedOutputStream(Channels.newOutputStream(channel));
                    out.write(start);
                    writeElements(out, values.bytes());
                    out.flush();
                });
    }

    static void write(OutputStream out, HostTensor values) throws IOException {
        out.write(start(values));
        writeElements(out, values.bytes());
    }

    /// {@return what stands before the elements}
    ///
    /// @throws IllegalArgumentException if NumPy lacks the type
    static byte[] start(HostTensor values) {
        byte[] text =
                NpyHeader.text(values.dtype(), values.shape())
                        .getBytes(StandardCharsets.ISO_8859_1);
        int before = MAGIC.length + 4;
        int whole = Math.ceilDiv(before + text.length + 1, ALIGNMENT) * ALIGNMENT;
        int length = whole - before;
        byte[] start = Arrays.copyOf(MAGIC, whole);
        System.arraycopy(
                new byte[] {1, 0, (byte) length, (byte) (length >> 8)}, 0, start, MAGIC.length, 4);
        System.arraycopy(text, 0, start, before, text.length);
        Arrays.fill(start, before + text.length, whole, (byte) ' ');
        start[whole - 1] = '\n';
        return start;
    }

    private static void writeElements(OutputStream out, MemorySegment bytes) throws IOException {
        byte[] chunk = new byte[1 << 16];
        for (long done = 0; done < bytes.byteSize(); ) {
            int count = (int) Math.min(chunk.length, bytes.byteSize() - done);
            MemorySegment.ofArray(chunk).asSlice(0, count).copyFrom(bytes.asSlice(done, count));
            out.write(chunk, 0, count);
            done += count;
        }
    }
}
