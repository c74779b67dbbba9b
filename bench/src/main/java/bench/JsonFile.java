package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A file with a JSON array of objects.
final class JsonFile {
    private JsonFile() {}

    /// Refuses a file that cannot be written, before something is measured for it. It is there afterwards.
    ///
    /// @throws BadOption if it cannot be written
    static void check(Path file) {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        } catch (IOException e) {
            throw new BadOption(
                    "--json: '%s' cannot be written (%s); name a file in a folder that is there"
                            .formatted(file, e),
                    e);
        }
    }

    /// Writes an object for each row.
    ///
    /// @param file is written anew
    /// @param rows of a table
    /// @param properties writes those of a row
    static <T> void write(Path file, List<T> rows, BiConsumer<JsonGenerator, T> properties)
            throws IOException {
        try (JsonGenerator json =
                new JsonFactory()
                        .createGenerator(
                                ObjectWriteContext.empty(), file.toFile(), JsonEncoding.UTF8)) {
            json.writeStartArray();
            for (T row : rows) {
                json.writeStartObject();
                properties.accept(json, row);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }
}
