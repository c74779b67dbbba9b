package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.NotUnderstoodException;
import conformance.kit.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Questions that name what is counted and where: `on_before_zero_grad_calls_in_fit`.
final class HookCounts {
    private static final Pattern CALLS_IN = Pattern.compile("(\\w+)_calls_in_(\\w+)");
    private static final Pattern ENDS_AFTER = Pattern.compile("eval_epoch_end_calls_after_(\\w+)");
    private static final Pattern EPOCHS = Pattern.compile("(\\w+)\\.set_epoch_args");
    private static final Pattern CALLS = Pattern.compile("(on_\\w+)_calls");

    private HookCounts() {}

    /// {@return the calls in which something is to be counted}
    static List<String> callsOf(Expectation expect) {
        var calls = new ArrayList<String>();
        for (String asked : expect.names()) {
            matching(CALLS_IN, asked, in -> calls.add(in.group(2)));
        }
        return calls;
    }

    /// Answers those of the questions that are asked.
    static void answer(Expectation expect, List<Call> calls, Answers answers) {
        for (String asked : expect.names()) {
            matching(
                    CALLS_IN,
                    asked,
                    in ->
                            answers.to(
                                    asked,
                                    () -> call(calls, in.group(2)).count(in.group(1)::equals)));
            matching(
                    ENDS_AFTER,
                    asked,
                    in -> answers.to(asked, () -> evaluations(calls, in.group(1))));
            matching(EPOCHS, asked, in -> answers.to(asked, () -> epochs(calls, in.group(1))));
            matching(
                    CALLS,
                    asked,
                    in ->
                            answers.to(
                                    asked,
                                    () ->
                                            calls.stream()
                                                    .mapToInt(
                                                            each -> each.count(in.group(1)::equals))
                                                    .sum()));
        }
    }

    private static void matching(Pattern pattern, String text, Consumer<MatchResult> found) {
        var matcher = pattern.matcher(text);
        if (matcher.matches()) {
            found.accept(matcher.toMatchResult());
        }
    }

    private static Call call(List<Call> calls, String name) {
        return calls.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotUnderstoodException("there is no call of " + name));
    }

    /// {@return how many evaluations had ended after a call}
    private static int evaluations(List<Call> calls, String last) {
        int until = calls.indexOf(call(calls, last)) + 1;
        return calls.subList(0, until).stream()
                .mapToInt(each ->
                        each.count(name -> name.matches("on_(?:validation|test)_epoch_end")))
                .sum();
    }

    /// {@return the epochs in which a source was gone through: that of a fit, or that of another call}
    private static List<Integer> epochs(List<Call> calls, String source) {
        return switch (source) {
            case "train", "val" -> call(calls, "fit").epochs(source + ".open");
            case "validate" -> call(calls, source).epochs("val.open");
            default -> call(calls, source).epochs(source + ".open");
        };
    }
}
