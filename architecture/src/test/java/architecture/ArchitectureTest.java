package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our own modules keep the rules.
class ArchitectureTest {
    private static final List<CompiledModule> MODULES = CompiledModule.readAll(Path.of(".."));

    @Test
    void noPackagesStandInACycle() {
        assertEquals(
                List.of(), MODULES.stream().flatMap(m -> PackageCycles.of(m).stream()).toList());
    }

    @Test
    void exportsAreAsApproved() throws IOException {
        try (var approved = ArchitectureTest.class.getResourceAsStream("exports.txt")) {
            var bytes = Objects.requireNonNull(approved).readAllBytes();
            assertEquals(new String(bytes, StandardCharsets.UTF_8), Descriptors.exports(MODULES));
        }
    }

    @Test
    void nobodyDependsOnTheProgramsToRun() {
        assertEquals(
                List.of(),
                Descriptors.requiring(
                        MODULES,
                        List.of("examples", "conformance", "fixtures", "bench", "gpucheck")));
    }

    @Test
    void everyModuleIsNullMarked() {
        assertEquals(List.of(), Descriptors.notNullMarked(MODULES));
    }

    @ParameterizedTest
    @EnumSource
    void nothingForbiddenIsUsed(ForbiddenReferences forbidden) {
        assertEquals(List.of(), MODULES.stream().flatMap(m -> forbidden.in(m).stream()).toList());
    }

    @Test
    void loopsAndCallbacksDeclareWhatTheyRemember() {
        // When the bar was last drawn and how fast it goes: shown, and of no effect on any result.
        var allowed =
                List.of(
                        "loops.core.callback.ProgressBar.watch: is a"
                                + " loops.core.callback.ProgressBar$Watch, which changes");

        assertEquals(allowed, DeclaredState.breaches(MODULES));
    }

    @Test
    void theClassesThatDeclareStateAreFound() {
        var names =
                MODULES.stream()
                        .flatMap(module -> module.classes().stream())
                        .map(References::nameOf)
                        .toList();

        assertTrue(names.containsAll(DeclaredState.ROOTS));
        assertTrue(names.containsAll(DeclaredState.DECLARED));
    }
}
