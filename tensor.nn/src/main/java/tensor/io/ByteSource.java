package tensor.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.zip.ZipException;

/// The bytes of a file, one after another.
///
/// Memory is taken only for bytes that are there: at once where their number is known, as in a plain file, else piece by
/// piece while they come. So a file that lies about its sizes costs no more than it holds.
final class ByteSource implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Path file;
    private final String part;
    private final InputStream in;
    private final long size;
    private long offset;

    private ByteSource(Path file, String part, InputStream in, long size) {
        this.file = file;
        this.part = part;
        this.in = in;
        this.size = size;
    }

    /// {@return the bytes of a file, unpacked if it begins as a gzip file does}
    static ByteSource of(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            in.mark(2);
            boolean packed = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return packed
                    ? new ByteSource(file, "", unpacked(file, in), UNKNOWN)
                    : new ByteSource(file, "", in, Files.size(file));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static Unpacked unpacked(Path file, InputStream in) throws IOException {
        try {
            return Unpacked.of(in);
        } catch (EOFException e) {
            throw new TensorFileException(
                    file, 0, "the gzip header is cut off; is the file complete?");
        } catch (ZipException e) {
            throw new TensorFileException(
                    file, 0, "the gzip header is damaged: %s".formatted(e.getMessage()));
        }
    }

    /// {@return the bytes of a part of a file; their places are counted within it}
    ///
    /// @param part its name
    /// @param in its bytes, unpacked
    static ByteSource of(Path file, String part, InputStream in) {
        return new ByteSource(file, "in '%s', ".formatted(part), in, UNKNOWN);
    }

    /// {@return the next bytes}
    ///
    /// @param count how many: few, so that memory may be taken for them in any case
    /// @param what they are, for the message if they are not there
    byte[] bytes(int count, String what) throws IOException {
        byte[] bytes = new byte[count];
        int read = read(bytes, count);
        if (read < count) {
            throw tooFew(count, read, what);
        }
        return bytes;
    }

    /// {@return the next bytes, in memory that is aligned for all types}
    ///
    /// @param count how many
    /// @param what they are, for the message if they are not there
    MemorySegment values(long count, String what) throws IOException {
        if (size != UNKNOWN && count > size - offset) {
            throw tooFew(count, size - offset, what);
        }
        if (count > HostTensor.MAX_BYTES) {
            throw fault(
                    offset,
                    "a tensor has %d bytes; the heap holds at most %d of one tensor"
                            .formatted(count, HostTensor.MAX_BYTES));
        }
        return size == UNKNOWN ? grown(count, what) : whole(count, what);
    }

    private MemorySegment whole(long count, String what) throws IOException {
        MemorySegment values = HostTensor.allocate(count);
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, count)];
        for (long done = 0; done < count; ) {
            int wanted = (int) Math.min(chunk.length, count - done);
            int read = read(chunk, wanted);
            if (read < wanted) {
                throw tooFew(count, done + read, what);
            }
            values.asSlice(done, read).copyFrom(MemorySegment.ofArray(chunk).asSlice(0, read));
            done += read;
        }
        return values;
    }

    private MemorySegment grown(long count, String what) throws IOException {
        var chunks = new ArrayList<byte[]>();
        for (long done = 0; done < count; ) {
            byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, count - done)];
            int read = read(chunk, chunk.length);
            done += read;
            if (read < chunk.length) {
                throw tooFew(count, done, what);
            }
            chunks.add(chunk);
        }
        MemorySegment values = HostTensor.allocate(count);
        long at = 0;
        for (byte[] chunk : chunks) {
            values.asSlice(at, chunk.length).copyFrom(MemorySegment.ofArray(chunk));
            at += chunk.length;
        }
        return values;
    }

    /// Checks that nothing follows.
    void requireEnd() throws IOException {
        if (read(new byte[1], 1) > 0) {
            throw fault(offset - 1, "bytes follow that belong to no element");
        }
        if (in instanceof Unpacked packed && packed.hasMore()) {
            throw fault(offset, "bytes follow the end of what is packed");
        }
    }

    private int read(byte[] into, int count) throws IOException {
        try {
            int read = in.readNBytes(into, 0, count);
            offset += read;
            return read;
        } catch (EOFException e) {
            throw fault(offset, "what is packed ends too early; is the file complete?");
        } catch (ZipException e) {
            throw fault(offset, "cannot be unpacked: %s".formatted(e.getMessage()));
        }
    }

    private TensorFileException tooFew(long wanted, long there, String what) {
        return fault(
                offset,
                "%s: %d bytes are needed, %d are there; is the file complete?"
                        .formatted(what, wanted, there));
    }

    TensorFileException fault(long at, String what) {
        return new TensorFileException(file, at, part + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
