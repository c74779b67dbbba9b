package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Under which keys the states of callbacks are saved: the same arguments, in our names for them.
final class StateKeyRules {
    private static final Pattern KEY = Pattern.compile("(EarlyStopping|ModelCheckpoint)\\{(.*)\\}");
    private static final Pattern ARGUMENT = Pattern.compile("'(\\w+)': ('[^']*'|[^',]+)");
    private static final Map<String, String> NAMES =
            Map.of(
                    "every_n_train_steps", "everySteps",
                    "every_n_epochs", "everyEpochs",
                    "train_time_interval", "every");

    private StateKeyRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "KEYS",
                        StateKeyRules::expectsKey,
                        subject -> subject.expecting(inOurNames(subject.expect()))));
    }

    private static boolean expectsKey(Case subject) {
        return !inOurNames(subject.expect()).equals(subject.expect());
    }

    private static Fields inOurNames(Fields expect) {
        var instead = new LinkedHashMap<String, Json>();
        expect.entries().forEach((name, value) -> instead.put(name, inOurNames(value)));
        return new Fields(instead);
    }

    private static Json inOurNames(Json value) {
        if (!(value instanceof Text(String text))) {
            return value;
        }
        var key = KEY.matcher(text);
        return key.matches() ? new Text(key.group(1) + "{" + arguments(key.group(2)) + "}") : value;
    }

    private static String arguments(String all) {
        return ARGUMENT.matcher(all)
                .results()
                .map(found -> argument(found.group(1), found.group(2).replace("'", "")))
                .collect(Collectors.joining(", "));
    }

    private static String argument(String name, String value) {
        String ours = name.equals("mode") ? value.toUpperCase(Locale.ROOT) : value;
        return NAMES.getOrDefault(name, name) + "=" + (ours.equals("None") ? "none" : ours);
    }
}
