package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The values that a message names: its numbers, and the quoted names that stem from the set-up.
///
/// Of two messages only these are compared, so that ours may have words of its own. A name is the same in
/// `snake_case` and `camelCase`, and what has another name here is known by one table.
final class NamedValues {
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\w.])-?\\d+(?:\\.\\d+)?(?![\\w]|\\.\\d)");
    private static final Pattern NAME =
            Pattern.compile("[`'\"]([A-Za-z_][\\w]*)[`'\"]|\\b([A-Za-z_]\\w*)(?==)");

    /// What we call the flags of the original that have another name here, as words of a message.
    private static final Map<String, Set<String>> OURS =
            Map.of(
                    "val_check_interval", Set.of("validateEvery"),
                    "check_val_every_n_epoch", Set.of("validateEveryEpochs", "acrossEpochs"),
                    "val_dataloader", Set.of("validationBatches"),
                    "enable_checkpointing", Set.of("checkpointing"),
                    "track_grad_norm", Set.of("GradientNorm"));

    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    private final Set<String> words;

    private NamedValues(Set<String> words) {
        this.words = words;
    }

    /// {@return how to find the values in the messages of a case}
    ///
    /// @param setup its set-up, where names stem from
    static NamedValues of(Fields setup) {
        var words = new HashSet<String>();
        collect(setup, words);
        return new NamedValues(words);
    }

    /// {@return the same, with one more name}
    ///
    /// @param name the name
    NamedValues and(String name) {
        var more = new HashSet<>(words);
        more.add(plain(name));
        return new NamedValues(more);
    }

    private static void collect(Json json, Set<String> words) {
        switch (json) {
            case Fields(var entries) ->
                    entries.forEach((name, value) -> {
                        addWords(name, words);
                        collect(value, words);
                    });
            case Items(var values) -> values.forEach(value -> collect(value, words));
            case Text(String text) -> addWords(text, words);
            case Json.Null _, Json.Flag _, Json.Whole _, Json.Real _ -> {}
        }
    }

    private static void addWords(String text, Set<String> words) {
        for (Matcher m = WORD.matcher(text); m.find(); ) {
            words.add(plain(m.group()));
            List.of(m.group().split("_", -1)).forEach(part -> words.add(plain(part)));
        }
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /// {@return the values that a message names}
    ///
    /// @param message a message of the original, or a regular expression for one
    Set<String> in(String message) {
        String text = message.replace(".*", " ... ").replace("\\", "");
        var values = new LinkedHashSet<String>();
        for (Matcher m = NUMBER.matcher(text); m.find(); ) {
            values.add(m.group());
        }
        for (Matcher m = NAME.matcher(text); m.find(); ) {
            String name = m.group(1) == null ? m.group(2) : m.group(1);
            if (words.contains(plain(name))) {
                values.add(name);
            }
        }
        return values;
    }

    /// {@return whether a message of ours names a value}
    ///
    /// @param message our message
    /// @param value one of those that [#in] found
    static boolean names(String message, String value) {
        if (NUMBER.matcher(value).matches()) {
            return NUMBER.matcher(message).results().anyMatch(m -> m.group().equals(value));
        }
        var names = new HashSet<>(Set.of(plain(value)));
        OURS.getOrDefault(value, Set.of()).forEach(ours -> names.add(plain(ours)));
        return WORD.matcher(message).results().anyMatch(m -> names.contains(plain(m.group())));
    }
}
