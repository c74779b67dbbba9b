package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every snippet that the README and the guide show is compiled and run.
class SnippetsTest {
    @TempDir private Path folder;

    @Test
    void everySnippetOfTheDocumentsIsTested() {
        assertEquals(List.of(), Snippets.untested(Snippets.blocks(), Snippets.regions()));
    }

    @Test
    void everyRegionOfATestIsShown() {
        assertEquals(List.of(), Snippets.unshown(Snippets.blocks(), Snippets.regions()));
    }

    @Test
    void aSnippetMayDifferInSpacesAndInNothingElse() throws IOException {
        var document =
                write(
                        "guide.md",
                        """
                        Text.
                        ```java
                        int a = 1; int b = 2;
                        ```
                        ```java
                        int a = 2; int b = 2;
                        ```
                        ```text
                        not code
                        ```
                        """);
        var source =
                write(
                        "SomeTest.java",
                        """
                        void some() {
                            // @start region=numbers
                            int a = 1;
                            // @end region=numbers
                            check(a);
                            // @start region=numbers
                            int b = 2;
                            // @end region=numbers
                        }
                        """);

        assertEquals(
                List.of(
                        """
                        guide.md:5: this snippet is no region of a test or an example:
                        int a = 2; int b = 2;
                        """),
                Snippets.untested(Snippets.blocks(document), Snippets.regions(source)));
    }

    @Test
    void aRegionThatIsNotShownIsFound() {
        assertEquals(
                List.of("SomeTest.java#numbers: this region is shown nowhere"),
                Snippets.unshown(List.of(), Map.of("SomeTest.java#numbers", "int a = 1;")));
    }

    @Test
    void aRegionThatDoesNotEndIsRefused() throws IOException {
        var source = write("SomeTest.java", "// @start region=numbers\nint a = 1;\n");

        var refused = assertThrows(AssertionError.class, () -> Snippets.regions(source));

        assertEquals("SomeTest.java#numbers: begins and does not end", refused.getMessage());
    }

    @Test
    void aRegionThatHasNotBegunIsRefused() throws IOException {
        var source = write("SomeTest.java", "int a = 1;\n// @end region=numbers\n");

        var refused = assertThrows(AssertionError.class, () -> Snippets.regions(source));

        assertEquals("SomeTest.java#numbers: ends and has not begun", refused.getMessage());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
