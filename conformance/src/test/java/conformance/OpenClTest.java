package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.check.Case;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Device;
import tensor.testkit.NeedsDevice;

/// Cases that compute and save hold on another device than the CPU. `./loops conformance --device opencl` runs all of them.
@NeedsDevice("opencl")
class OpenClTest {
    private static final Set<String> AREAS =
            Set.of("optimizers", "grad_accumulation", "tbptt", "outputs", "predict", "data");

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheseAreasHolds() throws IOException {
        var runner = Runner.ofAll();
        Predicate<Case> chosen = subject -> AREAS.contains(subject.area());
        return ProjectCases.read().stream()
                .filter(chosen)
                .map(subject ->
                        DynamicTest.dynamicTest(
                                subject.id(),
                                () ->
                                        assertEquals(
                                                List.of(),
                                                Device.of("opencl")
                                                        .with(() -> runner.run(subject))
                                                        .problems())));
    }
}
