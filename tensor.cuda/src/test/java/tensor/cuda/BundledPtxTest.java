package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is bundled, without a GPU and without a compiler. With `-Dwrite.ptx=true` it is made anew first, see `tools/ptx`.
class BundledPtxTest {
    private static final Pattern TARGET = Pattern.compile("(?m)^\\.target sm_(\\d+)$");

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        if (Boolean.getBoolean("write.ptx")) {
            PtxBundle.write();
        }
    }

    @Test
    void everyTextHasItsPtxAndNoOtherIsThere() {
        Set<Path> needed = new TreeSet<>();
        PtxBundle.texts().forEach(text -> needed.add(PtxBundle.file(text)));

        var found = new TreeSet<>(LibraryFolders.matching(PtxBundle.FOLDER, "*"));

        assertEquals(needed, found, "kernels have changed: make their PTX anew by tools/ptx");
    }

    /// By an assembler of CUDA 12.0: drivers of it take all of it.
    @Test
    void allOfItIsCodeForThreeArchitectures() {
        List<Path> files = LibraryFolders.matching(PtxBundle.FOLDER, "*");

        files.parallelStream()
                .forEach(file -> {
                    String ptx = PtxBundle.read(file);
                    var target = TARGET.matcher(ptx);
                    assertTrue(target.find(), file.toString());
                    for (int architecture : List.of(75, 80, 90)) {
                        if (architecture >= Integer.parseInt(target.group(1))) {
                            assertEquals("", PtxAssembler.against(ptx, "sm_" + architecture));
                        }
                    }
                });
        String one = PtxBundle.read(files.getFirst());
        String wrong =
                PtxAssembler.against(one.replaceFirst("ld\\.param", "ld.parameter"), "sm_80");
        assertTrue(wrong.contains("error"), wrong);
    }

    /// What the driver may not contract says how it is rounded.
    @Test
    void noneOfItLetsTheDriverChangeItsBits() {
        var contracted = Pattern.compile("(add|sub|mul|mad)\\.(ftz\\.)?f(32|64)");
        for (Path file : LibraryFolders.matching(PtxBundle.FOLDER, "*")) {
            String ptx = PtxBundle.read(file);
            assertFalse(contracted.matcher(ptx).find(), file.toString());
            assertTrue(ptx.contains("\n.version 7.0\n"), file.toString());
        }
    }

    @Test
    void aTextThatIsNotBundledSaysWhatToDo() {
        var bundled = new BundledPtx("no compiler");

        var error =
                assertThrows(IllegalStateException.class, () -> bundled.compile("text", "sm_75"));

        assertEquals(
                "there is no ptx/982d9e3eb996f559.ptx.gz for this text; make the bundle anew by tools/ptx",
                error.getMessage());
    }
}
