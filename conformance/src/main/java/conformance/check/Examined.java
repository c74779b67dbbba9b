package conformance.check;

import conformance.check.Mutations.Altered;
import conformance.json.Json.Fields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// A case that was run: what was observed of it, and what is wrong with that.
///
/// @param examined the case
/// @param asked what is expected, and which of it are inputs that the case gives there
/// @param observed what was observed, if the run got that far
/// @param problems where something else was expected, or what could not be understood or threw, a line each
/// @param trace the stack trace of what threw; empty if nothing did
public record Examined(
        Case examined,
        Expectation asked,
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
        var expectation = new Expectation(subject.expect());
        try {
            var answers = interpreter.apply(setup, expectation);
            var compared = expectation.compared();
            Observed observed;
            try {
                observed = answers.pick(compared);
            } finally {
                answers.close();
            }
            var problems =
                    new ArrayList<>(
                            setup.unread().stream()
                                    .map(path -> "unknown key '%s' of setup".formatted(path))
                                    .toList());
            Comparison.of(compared, observed, NamedValues.of(subject.setup())).stream()
                    .map(Difference::toString)
                    .forEach(problems::add);
            return new Examined(subject, expectation, Optional.of(observed), problems, "");
        } catch (NotUnderstoodException e) {
            return new Examined(
                    subject, expectation, Optional.empty(), List.of(e.getMessage()), traceOf(e));
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return new Examined(
                    subject, expectation, Optional.empty(), List.of("threw " + e), traceOf(e));
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

    /// {@return what is expected, but for the inputs that the case gives there}
    public Fields compared() {
        return asked.compared();
    }

    /// What became of altered expectations.
    ///
    /// @param altered how many there were
    /// @param replaced how many of them hold all the same, because a rule says that it replaces what was altered
    /// @param survivors those that hold without that, a line each
    public record Mutated(int altered, int replaced, List<String> survivors) {}

    /// What a runner makes of an altered case.
    public interface Rerun {
        /// {@return what an area compares of what the original did}
        ///
        /// @param original what the original did
        Fields shared(Fields original);

        /// {@return what is expected of us, if the run is the same as without an alteration}
        ///
        /// @param original what the original did
        Optional<Fields> instead(Fields original);

        /// {@return whether the case holds when it is run, with a rule that takes nothing back}
        ///
        /// @param original what the original did
        boolean holds(Fields original);

        /// {@return whether a rule says that it replaces what the original did in a place}
        ///
        /// @param path the place, as `rows[2].message`
        boolean replaces(String path);
    }

    /// {@return what becomes of this case when what the original did is altered, one value after the other} An alteration is
    /// compared with what was observed; one that goes unnoticed there is run, since it may be noticed in another way.
    ///
    /// What is an input, and what an area does not compare, is not altered. It is no alteration either if a case asks for less
    /// than before and a rule expects the same of us.
    ///
    /// @param original what the original did, before any rule
    /// @param rerun how an altered case is run
    /// @throws IllegalStateException if this case does not hold as it is
    public Mutated mutated(Fields original, Rerun rerun) {
        if (!holds()) {
            throw new IllegalStateException(
                    "%s: does not hold, so there is nothing to alter".formatted(examined.id()));
        }
        int altered = 0;
        int replaced = 0;
        var survivors = new ArrayList<String>();
        var seen = observed.orElseThrow();
        var compared = asked.compared(rerun.shared(original));
        for (Altered each : Mutations.of(original, seen, NamedValues.of(examined.setup()))) {
            var instead = rerun.instead(each.expected());
            if (asked.compared(rerun.shared(each.expected())).equals(compared)
                    || (each.asksLess() && instead.equals(Optional.of(examined.expect())))) {
                continue;
            }
            altered++;
            boolean differs =
                    instead.map(asked::compared)
                            .filter(now -> !Comparison.of(now, seen, each.named()).isEmpty())
                            .isPresent();
            if (differs || !rerun.holds(each.expected())) {
                continue;
            }
            if (rerun.replaces(each.path())) {
                replaced++;
            } else {
                survivors.add("%s: %s".formatted(each.path(), each.change()));
            }
        }
        return new Mutated(altered, replaced, survivors);
    }
}
