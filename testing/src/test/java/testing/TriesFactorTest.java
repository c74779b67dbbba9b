package testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// The hook is found as in every module, so these properties count their own tries.
class TriesFactorTest {
    private static final int FACTOR = TriesFactor.factor(System.getProperty("tries.factor", "1"));

    private static int triesOfSeven;
    private static int triesOfDefault;
    private static int triesOfExample;

    @BeforeContainer
    static void startCounting() {
        triesOfSeven = 0;
        triesOfDefault = 0;
        triesOfExample = 0;
    }

    @Property(tries = 7)
    void countsItsTries(@ForAll long any) {
        triesOfSeven++;
    }

    @Property
    void countsTheDefaultTries(@ForAll long any) {
        triesOfDefault++;
    }

    @Example
    void countsOneTry() {
        triesOfExample++;
    }

    @AfterContainer
    static void everyPropertyRanItsTriesTimesTheFactor() {
        assertEquals(7 * FACTOR, triesOfSeven);
        assertEquals(1_000 * FACTOR, triesOfDefault);
        assertEquals(1, triesOfExample);
    }

    @Example
    void refusesAFactorThatIsNoWholeNumberFromOne() {
        var zero = assertThrows(IllegalArgumentException.class, () -> TriesFactor.factor("0"));
        assertThrows(IllegalArgumentException.class, () -> TriesFactor.factor("1.5"));
        assertThrows(IllegalArgumentException.class, () -> TriesFactor.factor("ten"));

        assertEquals(
                "tries.factor: is '0'; use a whole number from 1 to 999999", zero.getMessage());
    }
}
