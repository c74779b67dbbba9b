package conformance.check;

import conformance.json.Json.Fields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// A case that was run: what was observed of it, and what is wrong with that.
///
/// @param examined the case
/// @param compared what is expected, but for inputs that the case gives there
/// @param observed what was observed, if the run got that far
/// @param problems where something else was expected, or what could not be understood or threw, a line each
/// @param trace the stack trace of what threw; empty if nothing did
public record Examined(
        Case examined,
        Fields compared,
        Optional<Observed> observed,
        List<String> problems,
        String trace) {
    /// Runs a case and compares.
    ///
    /// @param subject the case
    /// @param interpreter builds the scenario from the set-up, runs it and gives its answers
    /// @return what came out
    public static Examined of(Case subject, BiFunction<Keys, Expectation, Answers> interpreter) {
        var setup = new Keys("", subject.setup());
        try {
            var expectation = new Expectation(subject.expect());
            var answers = interpreter.apply(setup, expectation);
            var compared = expectation.compared();
            Observed observed;
            try {
                observed = answers.pick(compared);
            } finally {
                answers.close();
            }
            var problems =
                    new java.util.ArrayList<>(
                            setup.unread().stream()
                                    .map(path -> "unknown key '%s' of setup".formatted(path))
                                    .toList());
            Comparison.of(compared, observed, NamedValues.of(subject.setup())).stream()
                    .map(Difference::toString)
                    .forEach(problems::add);
            return new Examined(subject, compared, Optional.of(observed), problems, "");
        } catch (NotUnderstoodException e) {
            return new Examined(
                    subject,
                    subject.expect(),
                    Optional.empty(),
                    List.of(e.getMessage()),
                    traceOf(e));
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return new Examined(
                    subject, subject.expect(), Optional.empty(), List.of("threw " + e), traceOf(e));
        }
    }

    private static String traceOf(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    /// {@return whether nothing is wrong}
    public boolean holds() {
        return problems.isEmpty();
    }

    /// How many altered expectations there were, and which of them hold all the same.
    ///
    /// @param altered the number of altered expectations
    /// @param survivors those that hold, a line each
    public record Mutated(int altered, List<String> survivors) {}

    /// {@return what becomes of this case when its expectation is altered} Every alteration should be noticed.
    ///
    /// @throws IllegalStateException if this case does not hold as it is
    public Mutated mutated() {
        if (!holds()) {
            throw new IllegalStateException(
                    "%s: does not hold, so there is nothing to alter".formatted(examined.id()));
        }
        var seen = observed.orElseThrow();
        var all = Mutations.of(compared, seen, NamedValues.of(examined.setup()));
        return new Mutated(
                all.size(),
                all.stream()
                        .filter(each ->
                                Comparison.of(each.expected(), seen, each.named()).isEmpty())
                        .map(each -> "%s: %s".formatted(each.path(), each.change()))
                        .toList());
    }
}
