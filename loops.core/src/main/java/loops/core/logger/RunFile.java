package loops.core.logger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.logger.DurableFile.Content;
import org.jspecify.annotations.Nullable;

/// The file that a logger writes in `root/name/version_N`: made late, filled some rows at a time, gone on with after a
/// resume.
final class RunFile {
    private final String owner;
    private final LoggerConfig config;
    private final VersionFolder versions;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int rowsKept;
    private long version;
    private @Nullable LogFile file;

    RunFile(String owner, Path root, LoggerConfig config) {
        this.owner = owner;
        this.config = config;
        this.versions = new VersionFolder(root.resolve(config.name()));
    }

    /// Makes the file of a new run in its folder.
    interface NewFile {
        LogFile in(Path folder) throws IOException;
    }

    /// Something that writes or reads.
    interface DiskWork {
        void run() throws IOException;
    }

    /// {@return whether there is a file}
    boolean isOpen() {
        return file != null;
    }

    /// {@return the folder, if it is known}
    Optional<Path> folder() {
        return isOpen()
                ? Optional.of(versions.folder(version))
                : config.version().stream().mapToObj(versions::folder).findFirst();
    }

    /// {@return the place of the file}
    Path path() {
        return file().path();
    }

    /// Takes a folder and makes the file.
    void open(NewFile make) {
        onDisk(() -> {
            long claimed = versions.claim(config.version());
            var made = make.in(versions.folder(claimed));
            DurableFile.forceFolderOf(made.path());
            DurableFile.forceFolderOf(versions.folder(claimed));
            version = claimed;
            file = made;
        });
    }

    /// Adds what is no row of its own, such as a heading.
    void keep(byte[] bytes) {
        kept.writeBytes(bytes);
    }

    /// Adds a row.
    void add(byte[] row) {
        keep(row);
        if (++rowsKept >= config.flushEvery()) {
            flush();
        }
    }

    /// Brings all rows to the file, if there is one.
    void flush() {
        if (isOpen()) {
            onDisk(() -> file().append(kept.toByteArray()));
            kept.reset();
            rowsKept = 0;
        }
    }

    /// Brings all rows to the file, and puts another content in the place of all that stands there then.
    void replace(Content content) {
        flush();
        onDisk(() -> file().replace(content));
    }

    /// {@return where the file stands} All of that is on the disk.
    Fields stateDict() {
        flush();
        onDisk(() -> file().force());
        return Fields.empty()
                .with("version", version)
                .with("length", file().length())
                .with("checksum", file().checksum());
    }

    /// Goes on with a file. Rows that were kept back are dropped.
    ///
    /// @param state what [#stateDict] gave, perhaps among other keys
    /// @param name of the file
    /// @param content gives what the state counts, for the place of the file
    /// @throws IllegalStateException if it is not there; then this object is unchanged
    void loadStateDict(Fields state, String name, NewContent content) {
        long loaded = state.num("version");
        long length = state.num("length");
        long checksum = state.num("checksum");
        var path = versions.folder(loaded).resolve(name);
        onDisk(() -> {
            file = LogFile.resume(owner, path, length, checksum, content.of(path));
            version = loaded;
            kept.reset();
            rowsKept = 0;
        });
    }

    /// Gives what counts of a file, if the file itself does not begin with it.
    interface NewContent {
        Optional<Content> of(Path path) throws IOException;
    }

    /// Writes or reads, and says where if that fails.
    void onDisk(DiskWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: cannot read or write in %s: %s; make place there or choose another root"
                            .formatted(owner, versions.parent(), e),
                    e);
        }
    }

    private LogFile file() {
        return Objects.requireNonNull(file, "a logger opens its file before it uses it");
    }
}
