package conformance.kit;

import conformance.check.Phrases;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import loops.api.LoopState.Fields;
import loops.core.training.Callback;

/// A callback with a state, made as a case says it: `StatefulCallback1(unique=one)`.
///
/// Its state has one value, `content` and the number in the name of its class: what makes it unique, or 0. What makes it
/// unique stands in the key of its state, in the notation of the cases.
///
/// @param type the name of its class
/// @param unique what makes it unique; empty if nothing does
public record KeyedCallback(String type, String unique) implements Callback {
    private static final Pattern ARGUMENT = Pattern.compile("(\\w+)=(\\w+)");

    /// {@return the callback}
    ///
    /// @param said how it is made
    public static KeyedCallback read(String said) {
        return Phrases.<KeyedCallback>of()
                .say("StatefulCallback\\d+", all -> new KeyedCallback(all.group(), ""))
                .say(
                        "(StatefulCallback\\d+)\\((.*)\\)",
                        all ->
                                new KeyedCallback(
                                        all.group(1),
                                        arguments(all.group(2)).getOrDefault("unique", "")))
                .read(said);
    }

    /// {@return the arguments of a call, by name}
    ///
    /// @param said the arguments: `unique=two, other=2`
    public static Map<String, String> arguments(String said) {
        return ARGUMENT.matcher(said)
                .results()
                .collect(
                        Collectors.toMap(
                                each -> each.group(1),
                                each -> each.group(2),
                                (first, second) -> second,
                                LinkedHashMap::new));
    }

    @Override
    public String stateKey() {
        return unique.isEmpty() ? type : "%s{'unique': '%s'}".formatted(type, unique);
    }

    @Override
    public Fields stateDict() {
        String name = "content" + type.replaceAll("\\D", "");
        return unique.isEmpty() ? Fields.empty().with(name, 0) : Fields.empty().with(name, unique);
    }
}
