package tensor.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// The bytes of a gzip file, unpacked. The platform's reader passes over what follows the end; this one can tell.
final class Unpacked extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    private final Counted source;

    /// How many bytes had been taken from the file when the present ones were asked for.
    private long filled;

    private Unpacked(Counted source) throws IOException {
        super(source);
        this.source = source;
    }

    /// @throws java.util.zip.ZipException if the bytes do not begin as those of a gzip file
    /// @throws java.io.EOFException if they end before that is clear
    static Unpacked of(InputStream in) throws IOException {
        return new Unpacked(new Counted(in));
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        filled = source.count;
    }

    /// {@return whether bytes follow the end of the packed ones} To be asked at their end.
    boolean hasMore() throws IOException {
        long end = filled - inf.getRemaining() + TRAILER_BYTES;
        return source.count > end || source.read() >= 0;
    }

    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
