package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.area.Area;
import conformance.area.Areas;
import conformance.check.Case;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The cases of this project hold, area by area, and every altered one is noticed.
class ConformanceTest {
    private static final Set<String> HOLD =
            Set.of(
                    "callbacks",
                    "config_errors",
                    "grad_accumulation",
                    "limits",
                    "logging",
                    "loop_base",
                    "optimizers",
                    "predict",
                    "progress_bar",
                    "progress_tracker",
                    "state_dict",
                    "stopping",
                    "trainer_state",
                    "val_schedule");

    @TestFactory
    Stream<DynamicTest> everyCaseHoldsAndEveryAlterationIsNoticed() throws IOException {
        var cases = ProjectCases.read();
        return Areas.all().stream()
                .map(Area::name)
                .filter(HOLD::contains)
                .map(area ->
                        DynamicTest.dynamicTest(
                                area, () -> assertEquals(List.of(), wrong(cases, area))));
    }

    private static List<String> wrong(List<Case> cases, String area) {
        var runner = Runner.ofAll();
        var report = new Report();
        var wrong = new ArrayList<String>();
        for (Case subject : cases) {
            if (subject.area().equals(area)) {
                var outcome = runner.run(subject);
                outcome.problems().forEach(line -> wrong.add(subject.id() + ": " + line));
                report.mutate(outcome);
            }
        }
        report.survivors().forEach(line -> wrong.add("altered, yet it passes: " + line));
        return wrong;
    }
}
