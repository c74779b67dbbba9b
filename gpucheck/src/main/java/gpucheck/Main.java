package gpucheck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tensor.api.Device;
import tensor.testkit.EveryKernel;

/// `gpucheck conformance` or `gpucheck kernels`, on the device that `-Dtensor.device` names.
///
/// Exit status: 0 if all is well, 1 if a test failed, 2 for another command line.
public final class Main {
    private Main() {}

    /// Runs the command and ends the process.
    ///
    /// @param arguments one word
    public static void main(String[] arguments) {
        System.exit(
                switch (List.of(arguments).toString()) {
                    case "[conformance]" -> conformance();
                    case "[kernels]" -> kernels();
                    default -> {
                        System.err.println("usage: gpucheck conformance | kernels");
                        yield 2;
                    }
                });
    }

    private static int kernels() {
        EveryKernel.of(Device.current().backend());
        EveryKernel.largeProduct(Device.current().backend());
        System.out.println("kernels: 1 passed, 0 failed");
        return 0;
    }

    private static int conformance() {
        var counts = new Counts();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request().selectors(suites()).build(),
                        counts);
        counts.failures.forEach(System.out::println);
        System.out.println(
                "conformance: %d passed, %d failed"
                        .formatted(counts.passed, counts.failures.size()));
        return counts.failures.isEmpty() && counts.passed > 0 ? 0 : 1;
    }

    /// What is captured is refused where it cannot be right, which the CPU, that records nothing, does not do.
    private static List<ClassSelector> suites() {
        return Device.current().name().equals("cpu")
                ? List.of(selectClass(DeviceConformance.class))
                : List.of(selectClass(DeviceConformance.class), selectClass(DeviceCaptured.class));
    }

    private static final class Counts implements TestExecutionListener {
        private final List<String> failures = new ArrayList<>();
        private int passed;

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
            } else if (test.isTest()) {
                passed++;
            }
        }
    }
}
