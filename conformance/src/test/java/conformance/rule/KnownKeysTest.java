package conformance.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import conformance.check.CaseFile;
import conformance.json.Json.Fields;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Keys are known at every level, and one that is not is found wherever it stands.
class KnownKeysTest {
    private static final KnownKeys KNOWN =
            new KnownKeys(Set.of("mode", "Timer/interval", "all/Timer/interval", "values/*"));

    @Test
    void aKeyIsKnownByItsPathAndWithThoseBelowIt() {
        assertEquals(List.of(), unknown("{'mode': 1, 'Timer': {'interval': 'step'}}"));
        assertEquals(List.of(), unknown("{'Timer': 'none'}"));
    }

    @Test
    void aKeyThatIsNotKnownIsFoundAtEveryLevelWithItsPath() {
        assertEquals(
                List.of("zzz", "Timer/zzz", "mode/a"),
                unknown("{'zzz': 1, 'Timer': {'interval': 1, 'zzz': {'y': 1}}, 'mode': {'a': 1}}"));
    }

    @Test
    void theElementsOfAListStandAtThePlaceOfTheList() {
        assertEquals(
                List.of("all/Timer/zzz", "all/Clock"),
                unknown(
                        "{'all': [{'Timer': {'interval': 1}}, [{'Timer': {'zzz': 1}}], {'Clock': {}}]}"));
    }

    @Test
    void whereTheContentIsFreeNothingIsUnknown() {
        assertEquals(List.of(), unknown("{'values': [{'a': {'b': 1}}, {'c/d': 2}]}"));
    }

    @Test
    void aKeyThatIsWrittenLikeAPathIsNone() {
        assertEquals(List.of("Timer/interval"), unknown("{'Timer/interval': 1}"));
    }

    private static List<String> unknown(String setup) {
        return KNOWN.unknown(fields(setup)).toList();
    }

    private static Fields fields(String text) {
        return CaseFile.parse(
                        """
                        [{"id": "made-up", "area": "any", "setup": %s, "expect": {}}]
                        """
                                .formatted(text)
                                .replace('\'', '"'))
                .getFirst()
                .setup();
    }
}
