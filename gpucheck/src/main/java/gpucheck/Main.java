package gpucheck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tensor.api.Device;
import tensor.testkit.EveryKernel;

/// `gpucheck conformance`, `products`, `kernels` or `speed`, on the device that `-Dtensor.device` names.
///
/// Exit status: 0 if all is well, 1 if a test failed or a target is missed, 2 for another command line.
public final class Main {
    private static final String USAGE =
            """
            usage: gpucheck conformance | products | kernels
                   gpucheck speed DIR DEVICE [--smoke]
                     judges DIR/ours.times, beside DIR/torch.log, on the device of that description\
            """;

    private Main() {}

    /// Runs the command and ends the process.
    ///
    /// @param arguments a word, and what belongs to it
    /// @throws IOException if a file of times cannot be read, or a report not be written
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        System.exit(
                switch (words.isEmpty() ? "" : words.getFirst()) {
                    case "conformance" -> tests("conformance", suites());
                    case "products" -> tests("products " + Arithmetic.NAME, products());
                    case "kernels" -> kernels();
                    case "speed" -> words.size() < 3 ? usage() : speed(words);
                    default -> usage();
                });
    }

    private static int usage() {
        System.err.println(USAGE);
        return 2;
    }

    private static int kernels() {
        EveryKernel.of(Device.current().backend());
        EveryKernel.programs(Device.current().backend());
        EveryKernel.largeProduct(Device.current().backend());
        System.out.println("kernels: 1 passed, 0 failed");
        return 0;
    }

    private static int tests(String name, List<? extends DiscoverySelector> selectors) {
        var counts = new Counts(name);
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(),
                        counts);
        counts.failures.forEach(System.out::println);
        System.out.println(
                "%s: %d passed, %d failed".formatted(name, counts.passed, counts.failures.size()));
        return counts.failures.isEmpty() && counts.passed > 0 ? 0 : 1;
    }

    private static List<DiscoverySelector> suites() {
        return List.of(selectClass(DeviceConformance.class), selectClass(DeviceCaptured.class));
    }

    private static List<DiscoverySelector> products() {
        return Arithmetic.roundsByUs()
                ? List.of(selectClass(DeviceRounded.class))
                : List.of(
                        selectClass(DeviceRounded.class),
                        selectMethod(DeviceConformance.class, "matMul"),
                        selectMethod(DeviceConformance.class, "contract"));
    }

    /// A target that is missed has failed; one that is not measured has not.
    private static int speed(List<String> words) throws IOException {
        Path folder = Path.of(words.get(1));
        var speed =
                new Speed(
                        Timing.read(folder.resolve("ours.times")),
                        Timing.read(folder.resolve("torch.log")),
                        words.get(2));
        speed.table().forEach(System.out::println);
        List<Target> targets = speed.targets(!words.contains("--smoke"));
        targets.forEach(target -> System.out.println(target.line()));
        Files.writeString(folder.resolve("times.json"), speed.timesJson() + "\n");
        Files.writeString(
                folder.resolve("targets.json"),
                String.join(",\n", targets.stream().map(target -> "    " + target.json()).toList())
                        + "\n");
        Map<String, Long> counts =
                targets.stream()
                        .collect(Collectors.groupingBy(Target::status, Collectors.counting()));
        long missed = counts.getOrDefault("missed", 0L);
        System.out.println(
                "targets: %d passed, %d failed, %d not measured"
                        .formatted(
                                counts.getOrDefault("met", 0L),
                                missed,
                                counts.getOrDefault("not measured", 0L)));
        return missed == 0 ? 0 : 1;
    }

    private static final class Counts implements TestExecutionListener {
        /// Who is stopped has said how far it came.
        private static final int OFTEN = 25;

        private final String name;
        private final List<String> failures = new ArrayList<>();
        private int passed;

        Counts(String name) {
            this.name = name;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                failures.add(
                        "%s: %s"
                                .formatted(
                                        test.getDisplayName(),
                                        result.getThrowable()
                                                .map(Throwable::toString)
                                                .orElse("was aborted")));
            } else if (test.isTest() && ++passed % OFTEN == 0) {
                System.out.println("%s: %d so far".formatted(name, passed));
            }
        }
    }
}
