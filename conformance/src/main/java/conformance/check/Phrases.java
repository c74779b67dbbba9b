package conformance.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The phrases in which a case file says something in words, each a pattern with its parameters.
///
/// ```java
/// Phrases.<Integer>of().say("returns -1 at batch_idx (\\d+)", said -> Integer.valueOf(said.group(1)))
/// ```
///
/// @param <T> what a phrase means
public final class Phrases<T> {
    private record Phrase<T>(Pattern pattern, Function<MatchResult, T> meaning) {}

    private final List<Phrase<T>> known;

    private Phrases(List<Phrase<T>> known) {
        this.known = known;
    }

    /// {@return no phrase yet}
    ///
    /// @param <T> what a phrase means
    public static <T> Phrases<T> of() {
        return new Phrases<>(List.of());
    }

    /// {@return these phrases and one more, tried after the others}
    ///
    /// @param pattern a regular expression for the whole text
    /// @param meaning makes the meaning from the groups
    public Phrases<T> say(String pattern, Function<MatchResult, T> meaning) {
        var more = new ArrayList<>(known);
        more.add(new Phrase<>(Pattern.compile(pattern, Pattern.DOTALL), meaning));
        return new Phrases<>(more);
    }

    /// {@return what a text means}
    ///
    /// @param text a text of a case file
    /// @throws NotUnderstoodException if no phrase fits
    public T read(String text) {
        for (Phrase<T> phrase : known) {
            var matcher = phrase.pattern.matcher(text);
            if (matcher.matches()) {
                return phrase.meaning.apply(matcher.toMatchResult());
            }
        }
        throw new NotUnderstoodException(
                "the text '%s' fits none of %s"
                        .formatted(text, known.stream().map(each -> each.pattern).toList()));
    }
}
