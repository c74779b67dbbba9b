package tensor.io;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Named arrays in one file, in NumPy's `.npz` format: a zip file of [.npy][NpyFile] files, packed or not.
public final class NpzFile {
    private static final String ENDING = ".npy";

    private NpzFile() {}

    /// {@return what a file holds, by name, in the order of the file}
    ///
    /// Every length and size is checked before memory is taken for it.
    ///
    /// @param file where it is
    /// @throws TensorFileException if the bytes are not such a file; the place of a fault within an array is counted from
    ///     its start
    /// @throws IOException if the file cannot be read
    public static SequencedMap<String, HostTensor> read(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            var arrays = new LinkedHashMap<String, HostTensor>();
            for (ZipEntry entry : zip.stream().toList()) {
                String name = name(file, entry);
                if (arrays.containsKey(name)) {
                    throw new TensorFileException(file, 0, "'%s' is there twice".formatted(name));
                }
                arrays.put(name, read(file, zip, entry));
            }
            return arrays;
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new TensorFileException(
                    file, 0, "is not a zip file: %s".formatted(e.getMessage()));
        }
    }

    private static String name(Path file, ZipEntry entry) throws TensorFileException {
        String name = entry.getName();
        if (!name.endsWith(ENDING)) {
            throw new TensorFileException(
                    file,
                    0,
                    "'%s' is no %s file; an .npz file has others not".formatted(name, ENDING));
        }
        return name.substring(0, name.length() - ENDING.length());
    }

    private static HostTensor read(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        try (ByteSource in = ByteSource.of(file, entry.getName(), zip.getInputStream(entry))) {
            return NpyFile.read(in);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new TensorFileException(
                    file,
                    0,
                    "'%s' cannot be unpacked: %s".formatted(entry.getName(), e.getMessage()));
        }
    }

    /// Writes a file, replacing what stood there when it is whole. The arrays are not packed, as by `numpy.savez`.
    ///
    /// @param file where it is
    /// @param arrays values by name
    /// @throws IllegalArgumentException if one is bfloat16, which NumPy lacks
    /// @throws IOException if the file cannot be written
    public static void write(Path file, Map<String, HostTensor> arrays) throws IOException {
        arrays.values().forEach(NpyFile::start); // a fault of theirs, before anything is written
        WholeFile.write(
                file,
                channel -> {
                    var zip =
                            new ZipOutputStream(
                                    new BufferedOutputStream(Channels.newOutputStream(channel)));
                    zip.setLevel(0);
                    for (var array : arrays.entrySet()) {
                        var entry = new ZipEntry(array.getKey() + ENDING);
                        entry.setTime(0);
                        zip.putNextEntry(entry);
                        NpyFile.write(zip, array.getValue());
                        zip.closeEntry();
                    }
                    zip.finish();
                    zip.flush();
                });
    }
}
