package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.Outcome.Status;
import conformance.area.Area;
import conformance.check.Answers;
import conformance.check.Case;
import conformance.check.CaseFile;
import conformance.check.Examined.Mutated;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.rule.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/// The runner sees what is wrong with made-up cases of an area that adds two numbers.
class RunnerTest {
    /// Adds `trainer.a` and `trainer.b`.
    private static final class Adding implements Area {
        @Override
        public String name() {
            return "adding";
        }

        @Override
        public Answers observe(Keys setup, Expectation expect) {
            long a = setup.fields("trainer").whole("a");
            long b = setup.fields("trainer").whole("b", 0);
            return new Answers()
                    .to("sum", () -> a + b)
                    .to("parts", () -> List.of(a, b))
                    .to("half", () -> (a + b) / 2.0)
                    .to("named", () -> Map.of("a", a, "b", b))
                    .to("files", () -> new Observed.Names(Set.of("a" + a, "b" + b)))
                    .to("raises", () -> new IllegalArgumentException("a is " + a))
                    .to("message", () -> Observed.said("a is " + a));
        }
    }

    private static final Runner RUNNER = runner(List.of());

    @Test
    void aCaseThatHoldsPasses() {
        var outcome =
                RUNNER.run(
                        adding(
                                "{'a': 2, 'b': 3}",
                                "{'sum': 5, 'half': 2.5, 'parts': [2, '<ANY>'], 'named': {'a': 2, 'b': 3}}"));

        assertEquals(List.of(), outcome.problems());
        assertEquals(Status.PASSED, outcome.status());
    }

    @Test
    void aWrongValueFailsWithItsPlaceAndBothValues() {
        assertEquals(
                List.of("parts[1]: expected 4, observed 3"),
                problems("{'a': 2, 'b': 3}", "{'sum': 5, 'parts': [2, 4]}"));
    }

    @Test
    void aFieldTooManyOrTooFewFails() {
        assertEquals(
                List.of(
                        "named.c: expected 1, observed nothing",
                        "named.b: expected nothing, observed 0"),
                problems("{'a': 2}", "{'named': {'a': 2, 'c': 1}}"));
    }

    @Test
    void namesAreComparedInWhateverOrder() {
        assertEquals(List.of(), problems("{'a': 2, 'b': 3}", "{'files': ['b3', 'a2']}"));
        assertEquals(
                List.of("files: expected [\"b3\", \"b3\"], observed [a2, b3]"),
                problems("{'a': 2, 'b': 3}", "{'files': ['b3', 'b3']}"));
        assertEquals(
                List.of("files: expected [\"b3\"], observed [a2, b3]"),
                problems("{'a': 2, 'b': 3}", "{'files': ['b3']}"));
    }

    @Test
    void aKeyOfTheSetupThatNobodyReadsFails() {
        assertEquals(
                List.of("unknown key 'trainer.c' of setup"),
                problems("{'a': 2, 'c': 3}", "{'sum': 2}"));
    }

    @Test
    void aQuestionThatTheAreaDoesNotKnowFails() {
        assertEquals(
                List.of(
                        "unknown key 'product' of expect; this interpreter answers"
                                + " [sum, parts, half, named, files, raises, message]"),
                problems("{'a': 2}", "{'product': 0}"));
    }

    @Test
    void anAreaWithoutAnInterpreterFails() {
        var outcome = RUNNER.run(new Case("x", "flying", "", Fields.EMPTY, Fields.EMPTY));

        assertEquals(Status.FAILED, outcome.status());
        assertEquals(List.of("no interpreter knows the area 'flying'"), outcome.problems());
    }

    @Test
    void whatAnInterpreterThrowsIsAFailure() {
        var failing =
                areaThat((setup, expect) -> {
                    throw new IllegalStateException("no numbers");
                });

        var outcome = failing.run(adding("{'a': 2}", "{'sum': 2}"));

        assertEquals(
                List.of("threw java.lang.IllegalStateException: no numbers"), outcome.problems());
    }

    @Test
    void whatARuleThrowsIsAFailureOfTheCaseAndOfNoOther() {
        Rule dividing =
                new Rule.Deviation(
                        "D1",
                        subject -> true,
                        subject ->
                                subject.expecting(
                                        subject.expect()
                                                .changed("sum", sum -> Json.of(6 / asLong(sum)))));
        var runner = runner(List.of(dividing));

        var fails = runner.run(adding("{'a': 2}", "{'sum': 0}"));
        var holds = runner.run(adding("{'a': 2}", "{'sum': 3}"));

        assertEquals(Status.FAILED, fails.status());
        assertEquals(List.of("threw java.lang.ArithmeticException: / by zero"), fails.problems());
        assertEquals(Status.DEVIATION, holds.status());
        assertEquals(List.of(), mutated(runner, holds.subject()).survivors());
    }

    private static long asLong(Json json) {
        return json instanceof Json.Whole(long value) ? value : 0;
    }

    @Test
    void whatAnAreaThrowsWhereItSaysWhatIsComparedIsAFailure() {
        Area area =
                new Area() {
                    @Override
                    public String name() {
                        return "adding";
                    }

                    @Override
                    public Fields compared(Fields expect) {
                        throw new IllegalStateException("no form");
                    }

                    @Override
                    public Answers observe(Keys setup, Expectation expect) {
                        return new Answers();
                    }
                };

        var outcome =
                new Runner(name -> Optional.of(area), List.of())
                        .run(adding("{'a': 2}", "{'sum': 2}"));

        assertEquals(Status.FAILED, outcome.status());
        assertEquals(List.of("threw java.lang.IllegalStateException: no form"), outcome.problems());
    }

    @Test
    void errorsAreComparedByKindAndMessagesByTheValuesTheyName() {
        assertEquals(
                List.of(),
                problems("{'a': 7}", "{'raises': 'ValueError', 'message': 'cannot add 7'}"));
        assertEquals(
                List.of(
                        "raises: expected \"KeyboardInterrupt\", observed"
                                + " java.lang.IllegalArgumentException: a is 7",
                        "message: expected a message that names 8, observed a is 7"),
                problems("{'a': 7}", "{'raises': 'KeyboardInterrupt', 'message': 'cannot add 8'}"));
    }

    @Test
    void everyAlteredValueIsNoticed() {
        var mutated =
                mutated(
                        RUNNER,
                        adding(
                                "{'a': 2, 'b': 3}",
                                "{'sum': 5, 'half': 2.5, 'parts': [2, '<ANY>'],"
                                        + " 'raises': 'ValueError', 'message': '`a` was 2'}"));

        assertEquals(List.of(), mutated.survivors());
        assertEquals(15, mutated.altered());
    }

    @Test
    void anAlterationThatGoesUnnoticedIsReported() {
        // The message names the altered value too.
        var vague = areaThat((setup, expect) -> Observed.said("a is 2 of " + 27));

        var mutated = mutated(vague, adding("{'a': 2}", "{'message': 'a is 2'}"));

        assertEquals(List.of("message: 2 -> 27"), mutated.survivors());
    }

    @Test
    void anInputThatStandsInTheExpectationIsNeitherComparedNorAltered() {
        var doubling =
                areaThat((setup, expect) ->
                        Observed.of(
                                expect.rows("message").stream()
                                        .map(row -> Map.of("twice", twice(row.input("n"))))
                                        .toList()));

        var subject = adding("{'a': 2}", "{'message': [{'n': 1, 'twice': 2}]}");
        var examined = doubling.run(subject).examined().orElseThrow();

        assertEquals(List.of(), examined.problems());
        assertEquals("{\"message\": [{\"twice\": 2}]}", examined.compared().toString());
        assertEquals(6, mutated(doubling, subject).altered());
    }

    private static Mutated mutated(Runner runner, Case subject) {
        return runner.mutate(runner.run(subject));
    }

    private static long twice(Json json) {
        return json instanceof Json.Whole(long value) ? 2 * value : -1;
    }

    private static Runner areaThat(BiFunction<Keys, Expectation, Observed> message) {
        Area area =
                new Area() {
                    @Override
                    public String name() {
                        return "adding";
                    }

                    @Override
                    public Answers observe(Keys setup, Expectation expect) {
                        setup.json("trainer");
                        var seen = message.apply(setup, expect);
                        return new Answers().to("message", () -> seen);
                    }
                };
        return new Runner(name -> Optional.of(area), List.of());
    }

    @Test
    void aDeviationIsComparedWithWhatItsRuleSays() {
        Rule rule =
                new Rule.Deviation(
                        "D1",
                        subject -> subject.setup().at("trainer", "a").isPresent(),
                        subject -> subject.expecting(subject.expect().with("sum", 5)));

        var holds = runner(List.of(rule)).run(adding("{'a': 2, 'b': 3}", "{'sum': 6}"));
        var fails = runner(List.of(rule)).run(adding("{'a': 2, 'b': 4}", "{'sum': 7}"));
        var same = runner(List.of(rule)).run(adding("{'a': 2, 'b': 3}", "{'sum': 5}"));

        assertEquals(Status.DEVIATION, holds.status());
        assertEquals(List.of("D1"), holds.rules());
        assertEquals(Status.FAILED, fails.status());
        assertEquals(List.of("sum: expected 5, observed 6"), fails.problems());
        assertEquals(Status.PASSED, same.status());
    }

    @Test
    void whatARuleComputesStaysInForce() {
        var oneLess =
                new Rule.Deviation(
                        "D1",
                        subject -> true,
                        subject ->
                                subject.expecting(
                                        subject.expect().changed("sum", RunnerTest::oneLess)));

        var mutated =
                mutated(
                        runner(List.of(oneLess)),
                        adding("{'a': 2, 'b': 3}", "{'sum': 6, 'half': 2.5}"));

        assertEquals(List.of(), mutated.survivors());
        assertEquals(0, mutated.replaced());
        assertEquals(5, mutated.altered());
    }

    private static Json oneLess(Json sum) {
        return sum instanceof Json.Whole(long n) ? new Json.Whole(n - 1) : sum;
    }

    @Test
    void aRuleThatReplacesWhatItDoesNotNameIsFound() {
        var subject = adding("{'a': 2, 'b': 3}", "{'sum': 6, 'parts': [4, 3]}");

        var silent = mutated(runner(List.of(replacing(Set.of()))), subject);
        var tooFew = mutated(runner(List.of(replacing(Set.of("sum")))), subject);
        var named = mutated(runner(List.of(replacing(Set.of("sum", "parts[*]")))), subject);

        assertEquals(
                List.of("sum: 6 -> 7", "parts[0]: 4 -> 5", "parts[1]: 3 -> 4"), silent.survivors());
        assertEquals(List.of("parts[0]: 4 -> 5", "parts[1]: 3 -> 4"), tooFew.survivors());
        assertEquals(1, tooFew.replaced());
        assertEquals(List.of(), named.survivors());
        assertEquals(3, named.replaced());
    }

    private static Rule replacing(Set<String> named) {
        return new Rule.Deviation(
                "D1",
                subject -> true,
                subject ->
                        subject.expecting(
                                subject.expect()
                                        .changed("sum", sum -> Json.of(5))
                                        .changed("parts", RunnerTest::twoAndThree)),
                named);
    }

    private static Json twoAndThree(Json parts) {
        return parts instanceof Json.Items(var values) && values.size() == 2
                ? Json.of(List.of(2, 3))
                : parts;
    }

    @Test
    void anAlterationToWhatWeDoNeedsNoRuleAndIsNone() {
        Rule fiveForFour =
                new Rule.Deviation(
                        "D1",
                        subject -> true,
                        subject ->
                                subject.expecting(
                                        subject.expect()
                                                .changed(
                                                        "sum",
                                                        sum ->
                                                                sum.equals(Json.of(4))
                                                                        ? Json.of(5)
                                                                        : sum)));

        var mutated =
                mutated(runner(List.of(fiveForFour)), adding("{'a': 2, 'b': 3}", "{'sum': 4}"));

        assertEquals(List.of(), mutated.survivors());
    }

    @Test
    void aKeyThatNobodyKnowsIsAFailureAlsoWhereARuleApplies() {
        var rules = List.of(replacing(Set.of()));

        assertEquals(
                List.of("unknown key 'trainer.c' of setup"),
                runner(rules).run(adding("{'a': 2, 'b': 3, 'c': 4}", "{'sum': 6}")).problems());
        assertEquals(
                List.of(
                        "unknown key 'product' of expect; this interpreter answers"
                                + " [sum, parts, half, named, files, raises, message]"),
                runner(rules)
                        .run(adding("{'a': 2, 'b': 3}", "{'sum': 6, 'product': 5}"))
                        .problems());
    }

    @Test
    void aCaseThatDoesNotApplyIsNotRun() {
        Rule rule = new Rule.NotApplicable("N1", subject -> true, Set.of(), Set.of("sum"));

        var outcome = runner(List.of(rule)).run(adding("{'max_epochs': 2}", "{'sum': 6}"));

        assertEquals(Status.NOT_APPLICABLE, outcome.status());
        assertEquals(Optional.empty(), outcome.examined());
    }

    @Test
    void aKeyThatNobodyKnowsIsAFailureAlsoWhereACaseIsNotRun() {
        Rule rule = new Rule.NotApplicable("N1", subject -> true, Set.of(), Set.of("sum"));

        var outcome =
                runner(List.of(rule)).run(adding("{'max_epoch': 2}", "{'sum': 6, 'product': 5}"));

        assertEquals(Status.FAILED, outcome.status());
        assertEquals(
                List.of(
                        "setup key 'trainer/max_epoch' is not known",
                        "expectation key 'product' is not known"),
                outcome.problems());
    }

    private static Runner runner(List<Rule> rules) {
        return new Runner(
                name -> Optional.<Area>of(new Adding()).filter(area -> area.name().equals(name)),
                rules);
    }

    private static List<String> problems(String trainer, String expect) {
        return RUNNER.run(adding(trainer, expect)).problems();
    }

    private static Case adding(String trainer, String expect) {
        return CaseFile.parse(
                        """
                        [{"id": "made-up", "area": "adding", "setup": {"trainer": %s}, "expect": %s}]
                        """
                                .formatted(trainer, expect)
                                .replace('\'', '"'))
                .getFirst();
    }
}
