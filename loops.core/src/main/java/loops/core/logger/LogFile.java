package loops.core.logger;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import loops.core.logger.DurableFile.Content;

/// A file that grows at its end, known by its length and a checksum of its bytes.
///
/// Holds nothing open between two writes, so nothing is to be closed; and writes only if the file is as long as it was
/// left, so two that write into the same file notice it. An interrupted thread writes as any other.
final class LogFile {
    private final String owner;
    private final Path path;
    private long length;
    private CRC32C checksum;
    private boolean cutDue;
    private Optional<Content> cutFrom = Optional.empty();
    private boolean forced;

    private LogFile(String owner, Path path, long length, CRC32C checksum) {
        this.owner = owner;
        this.path = path;
        this.length = length;
        this.checksum = checksum;
    }

    /// {@return a new, empty file}
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if there is something at that place
    static LogFile create(String owner, Path path) throws IOException {
        Files.createFile(path);
        return new LogFile(owner, path, 0, new CRC32C());
    }

    /// {@return a file that was written before, of which the first `length` bytes count} They are checked now. What is
    /// behind them is cut off by the first write.
    ///
    /// @param content gives the bytes that count, and any behind them, if the file itself does not begin with them
    /// @throws IllegalStateException if these bytes are not there; no file is changed
    static LogFile resume(
            String owner, Path path, long length, long checksum, Optional<Content> content)
            throws IOException {
        var found = new Prefix(OutputStream.nullOutputStream(), length);
        if (Files.exists(path)) {
            content.orElse(out -> Files.copy(path, out)).writeTo(found);
        }
        if (found.length() < length) {
            throw new IllegalStateException(
                    "%s: %s has %d of the %d bytes that the state counts; put the file back, or give the logger the root and name of the run that is resumed"
                            .formatted(owner, path, found.length(), length));
        }
        if (found.checksum().getValue() != checksum) {
            throw new IllegalStateException(
                    "%s: the first %d bytes of %s have the checksum %08x, the state says %08x: they were edited or are another run's; put the file back, or give the logger the root and name of the run that is resumed"
                            .formatted(owner, length, path, found.checksum().getValue(), checksum));
        }
        var file = new LogFile(owner, path, length, found.checksum());
        file.cutDue = true;
        file.cutFrom = content;
        return file;
    }

    Path path() {
        return path;
    }

    long length() {
        return length;
    }

    long checksum() {
        return checksum.getValue();
    }

    /// Writes bytes at the end. If that fails, the file is as it was.
    void append(byte[] bytes) throws IOException {
        cut();
        if (bytes.length == 0) {
            return;
        }
        requireLength();
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            try {
                file.seek(length);
                file.write(bytes);
            } catch (IOException e) {
                file.setLength(length);
                throw e;
            }
        }
        length += bytes.length;
        checksum.update(bytes);
        forced = false;
    }

    /// Puts another content in the place of all that is there.
    void replace(Content content) throws IOException {
        cut();
        requireLength();
        replace(content, Long.MAX_VALUE);
    }

    private void replace(Content content, long limit) throws IOException {
        var written = DurableFile.write(path, content, limit);
        length = written.length();
        checksum = written.checksum();
        forced = true;
    }

    /// Brings all that was written to the disk.
    void force() throws IOException {
        if (forced) {
            return;
        }
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.getFD().sync();
        }
        forced = true;
    }

    /// Cuts off what is behind the bytes that count, in place if it can, so that whoever reads along stays with it.
    private void cut() throws IOException {
        if (!cutDue) {
            return;
        }
        if (cutFrom.isPresent()) {
            replace(cutFrom.get(), length);
        } else {
            Files.createDirectories(DurableFile.folderOf(path));
            try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                if (file.length() > length) {
                    file.setLength(length);
                }
            }
        }
        DurableFile.cleanUp(path);
        requireLength();
        cutDue = false;
    }

    private void requireLength() throws IOException {
        long found = Files.exists(path) ? Files.size(path) : 0;
        if (found != length) {
            throw new IllegalStateException(
                    "%s: %s has %d bytes, this logger wrote %d; let one logger at a time write into a file"
                            .formatted(owner, path, found, length));
        }
    }
}
