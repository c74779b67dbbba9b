package gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The parts of `tools/gpu/gpu-check` share its 8 minutes.
class SharesTest {
    private static final int MOST_SECONDS = 480;

    /// From being told to end until being killed.
    private static final int TO_STOP = 10;

    @Test
    void eachPartHasAShareAndTogetherTheyAreEightMinutes() throws IOException {
        String script = Files.readString(Path.of("..", "tools", "gpu", "gpu-check"));
        String list = script.replaceFirst("(?s).*\nreadonly shares=\\((.*?)\n\\).*", "$1");
        Map<String, Integer> shares = new TreeMap<>();
        all("([a-z0-9-]+) ([0-9]+)", list)
                .forEach(match -> shares.put(match.group(1), Integer.valueOf(match.group(2))));
        var parts = new TreeSet<String>();
        all("(?m)^ *part ([a-z]+) ", script).forEach(match -> parts.add(match.group(1)));

        assertTrue(
                shares.values().stream().mapToInt(Integer::intValue).sum()
                        <= MOST_SECONDS - TO_STOP,
                () -> "too long: " + shares);
        assertTrue(parts.size() > 8, parts::toString);
        parts.removeAll(shares.keySet());
        assertEquals(new TreeSet<String>(), parts);
    }

    private static List<MatchResult> all(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }
}
