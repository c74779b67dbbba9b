package tensor.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import tensor.layout.Shape;

/// Files in the IDX format, as those of MNIST, packed by gzip or not.
///
/// ```text
/// 2 bytes         0
/// 1 byte          the type: 8 unsigned bytes, 9 bytes, B 16-bit, C 32-bit, D float32, E float64
/// 1 byte          how many axes
/// 4 bytes each    their sizes, big-endian
/// the rest        the elements, big-endian, row-major
/// ```
public final class IdxFile {
    private IdxFile() {}

    /// {@return what a file holds} Unsigned bytes are read as uint8, other whole numbers as int32.
    ///
    /// Every size is checked before memory is taken for it.
    ///
    /// @param file where it is
    /// @throws TensorFileException if the bytes are not an IDX file
    /// @throws IOException if the file cannot be read
    public static HostTensor read(Path file) throws IOException {
        try (ByteSource in = ByteSource.of(file)) {
            byte[] magic = in.bytes(4, "the start of an IDX file");
            ElementType type = type(in, magic);
            int rank = Byte.toUnsignedInt(magic[3]);
            ByteBuffer given =
                    ByteBuffer.wrap(in.bytes(rank * Integer.BYTES, "the sizes of the axes"));
            long[] sizes = new long[rank];
            for (int axis = 0; axis < rank; axis++) {
                sizes[axis] = Integer.toUnsignedLong(given.getInt());
            }
            Shape shape = Sizes.shape(in, magic.length, sizes);
            MemorySegment bytes =
                    in.values(Sizes.bytes(shape, type), "the elements of %s".formatted(shape));
            in.requireEnd();
            return new HostTensor(type.dtype(), shape, type.converted(bytes, ByteOrder.BIG_ENDIAN));
        }
    }

    private static ElementType type(ByteSource in, byte[] magic) throws TensorFileException {
        if (magic[0] != 0 || magic[1] != 0) {
            throw in.fault(0, "an IDX file starts with two bytes of 0");
        }
        return switch (magic[2]) {
            case 0x08 -> ElementType.UINT8;
            case 0x09 -> ElementType.INT8;
            case 0x0B -> ElementType.INT16;
            case 0x0C -> ElementType.INT32;
            case 0x0D -> ElementType.FLOAT32;
            case 0x0E -> ElementType.FLOAT64;
            default ->
                    throw in.fault(
                            2,
                            "the type of the elements is %d; it is 8, 9, 11, 12, 13 or 14"
                                    .formatted(magic[2]));
        };
    }
}
