package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.Outcome.Status;
import conformance.area.Area;
import conformance.area.Areas;
import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The cases of this project hold, area by area, every altered one is noticed, and the rules take no more cases than they
/// may. Each case is run once for all of that.
class ConformanceTest {
    private static final double SHARE_OF_ALL = 0.16;
    private static final double SHARE_OF_ONE = 0.04;

    private static final Runner RUNNER = Runner.ofAll();

    private static List<Outcome> outcomes = List.of();

    @BeforeAll
    static void runEveryCase() throws IOException {
        outcomes = ProjectCases.read().stream().map(RUNNER::run).toList();
    }

    @Test
    void everyAreaOfTheFileHasAnInterpreterAndTheOtherWayRound() throws IOException {
        var ofTheFile = new TreeSet<String>();
        ProjectCases.read().stream().map(Case::area).forEach(ofTheFile::add);
        var ofTheCode = new TreeSet<String>();
        Areas.all().stream().map(Area::name).forEach(ofTheCode::add);

        assertEquals(ofTheFile, ofTheCode);
    }

    @TestFactory
    Stream<DynamicTest> everyCaseHoldsAndEveryAlterationIsNoticed() {
        return Areas.all().stream()
                .map(Area::name)
                .map(area ->
                        DynamicTest.dynamicTest(area, () -> assertEquals(List.of(), wrong(area))));
    }

    private static List<String> wrong(String area) {
        var report = new Report();
        var wrong = new ArrayList<String>();
        for (Outcome outcome : outcomes) {
            if (outcome.subject().area().equals(area)) {
                outcome.problems().forEach(line -> wrong.add(outcome.subject().id() + ": " + line));
                if (outcome.holds()) {
                    report.add(outcome, RUNNER.mutate(outcome));
                }
            }
        }
        report.survivors().forEach(line -> wrong.add("altered, yet it passes: " + line));
        return wrong;
    }

    /// One case of each area and set of rules, with a key that nobody knows.
    @Test
    void anUnknownKeyOfASetUpIsAFailureWhateverRulesApply() {
        var known = new TreeSet<String>();
        var passed = new ArrayList<String>();
        for (Outcome outcome : outcomes) {
            var subject = outcome.subject();
            if (known.add(subject.area() + outcome.status() + outcome.rules())) {
                var altered = subject.with(subject.setup().with("zq", 1), subject.expect());
                if (RUNNER.run(altered).status() != Status.FAILED) {
                    passed.add(subject.id());
                }
            }
        }

        assertEquals(List.of(), passed);
    }

    /// A key that nobody knows in each object of each case that is not run. It is let pass where the content is free only:
    /// what a step reports, and what is no metric.
    @Test
    void anUnknownKeyOfACaseThatIsNotRunIsAFailureAtEveryLevel() {
        var passed = new TreeSet<String>();
        for (Outcome outcome : outcomes) {
            var subject = outcome.subject();
            if (outcome.status() == Status.NOT_APPLICABLE) {
                withUnknown("setup", subject.setup())
                        .forEach((place, setup) ->
                                tell(
                                        subject.with((Fields) setup, subject.expect()),
                                        place,
                                        passed));
                withUnknown("expect", subject.expect())
                        .forEach((place, expect) ->
                                tell(subject.expecting((Fields) expect), place, passed));
            }
        }

        assertEquals(
                Set.of("setup.training_step_returns[]", "setup.values[]", "setup.values[].a"),
                passed);
    }

    private static void tell(Case altered, String place, Set<String> passed) {
        if (RUNNER.run(altered).status() != Status.FAILED) {
            passed.add(place);
        }
    }

    /// {@return what is said with an unknown key in each of its objects, by the place of the object}
    private static Map<String, Json> withUnknown(String place, Json said) {
        var all = new LinkedHashMap<String, Json>();
        switch (said) {
            case Fields fields -> {
                all.put(place, fields.with("zq", 1));
                fields.entries()
                        .forEach((name, value) ->
                                withUnknown(place + "." + name, value)
                                        .forEach((below, changed) ->
                                                all.put(below, fields.with(name, changed))));
            }
            case Items(var values) -> {
                for (Json value : values) {
                    withUnknown(place + "[]", value)
                            .forEach((below, changed) -> all.put(below, Json.of(List.of(changed))));
                }
            }
            default -> {}
        }
        return all;
    }

    @Test
    void theRulesTakeNoMoreCasesThanTheyMay() throws IOException {
        var byRule = new TreeMap<String, Integer>();
        outcomes.stream()
                .flatMap(outcome -> outcome.rules().stream())
                .forEach(rule -> byRule.merge(rule, 1, Integer::sum));
        long all =
                outcomes.stream()
                        .map(Outcome::status)
                        .filter(status ->
                                status == Status.DEVIATION || status == Status.NOT_APPLICABLE)
                        .count();

        assertTrue(all <= SHARE_OF_ALL * outcomes.size(), all + " cases: " + byRule);
        for (Section section : Section.ofTheFile()) {
            int taken = byRule.getOrDefault(section.id(), 0);
            assertTrue(taken > 0, section.id() + " takes no case");
            assertTrue(
                    taken <= SHARE_OF_ONE * outcomes.size() || decisionExists(section),
                    "%s takes %d cases and names no decision".formatted(section.id(), taken));
        }
    }

    private static boolean decisionExists(Section section) {
        String decision = section.parts().get("Decision");
        return decision != null && Files.exists(Path.of("..").resolve(decision));
    }
}
