package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.io.CsvFile;

/// The data that come with the examples are whole, and each says where it is from.
class IncludedDataTest {
    private static InputStream open(String name) {
        return Objects.requireNonNull(IncludedDataTest.class.getResourceAsStream(name), name);
    }

    @ParameterizedTest
    @CsvSource({"iris.csv, 150, 4, 3", "wine.csv, 178, 13, 3", "breast-cancer.csv, 569, 30, 2"})
    void aTableHasTheRowsMeasuresAndClassesThatItsFirstLineNames(
            String name, int rows, int measures, int classes) throws IOException {
        try (var head = open(name);
                var in = open(name)) {
            String first = new String(head.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(first.startsWith(rows + "," + measures + ","), first);

            var table = CsvFile.read(in, name, config -> config.skipLines(1));

            assertEquals(rows, table.rows());
            assertEquals(measures + 1, table.columns());
            assertEquals(classes, Arrays.stream(table.integers(measures)).distinct().count());
        }
    }

    @Test
    void theNovelHas81DifferentCharacters() throws IOException {
        try (var in = new GZIPInputStream(open("moby-dick.txt.gz"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(text.startsWith("CHAPTER 1. Loomings."));
            assertEquals(1_189_651, text.length());
            assertEquals(81, text.chars().distinct().count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"digits", "iris", "wine", "breast-cancer", "moby-dick"})
    void aTextSaysWhereTheyAreFromAndUnderWhatLicence(String name) throws IOException {
        try (var in = open(name + ".txt")) {
            String said = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(said.startsWith(name + "."), said);
            assertTrue(said.contains("Licence: ") || said.contains("public domain"), said);
        }
    }
}
