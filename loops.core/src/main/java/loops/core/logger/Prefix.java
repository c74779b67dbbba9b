package loops.core.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/// Passes on the first bytes that are written to it, and knows how many and their CRC-32C. Drops the others.
final class Prefix extends OutputStream {
    private final OutputStream out;
    private final long limit;
    private final CRC32C checksum = new CRC32C();
    private long length;

    Prefix(OutputStream out, long limit) {
        this.out = out;
        this.limit = limit;
    }

    long length() {
        return length;
    }

    /// {@return the checksum, to go on with}
    CRC32C checksum() {
        return checksum;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int taken = (int) Math.min(count, limit - length);
        out.write(bytes, offset, taken);
        checksum.update(bytes, offset, taken);
        length += taken;
    }
}
