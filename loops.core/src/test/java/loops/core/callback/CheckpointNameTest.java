package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointNameTest {
    private static final Map<String, Double> VALUES =
            Map.of("epoch", 3.0, "step", 12.0, "acc", 0.03, "val/loss", 0.25, "all", 10.0);

    @Test
    void metricsStandInBracesWithTheirFormats() {
        assertEquals("epoch=3-step=12", CheckpointName.of("{epoch}-{step}").render(VALUES));
        assertEquals("epoch=003-acc=0.03", CheckpointName.of("{epoch:03d}-{acc}").render(VALUES));
        assertEquals("acc=0.03000,10", CheckpointName.of("{acc:.5f},10").render(VALUES));
        assertEquals(
                "all=10.0 all=10 all= 10",
                CheckpointName.of("{all} {all:d} {all:3d}").render(VALUES));
        assertEquals(
                "acc=00.030 acc=0.030000", CheckpointName.of("{acc:06.3f} {acc:f}").render(VALUES));
        assertEquals("plain", CheckpointName.of("plain").render(VALUES));
        assertEquals(Set.of("epoch", "acc"), CheckpointName.of("{epoch}-{acc:.2f}").metrics());
    }

    @Test
    void valuesCanStandWithoutTheirNames() {
        assertEquals(
                "epoch=03 loss=0.25",
                CheckpointName.of("epoch={epoch:02d} loss={val/loss}").bare().render(VALUES));
    }

    @Test
    void aSlashInTheNameOfAMetricIsNoFolder() {
        assertEquals("val_loss=0.25", CheckpointName.of("{val/loss}").render(VALUES));
    }

    @Test
    void partsAreJoined() {
        var name = CheckpointName.of("{epoch}").prefix("test").joinedBy("@").ending(".run");

        assertEquals("test@epoch=3", name.render(VALUES));
        assertEquals("test@epoch=3@v2", name.version(name.render(VALUES), 2));
        assertTrue(name.fits("test@epoch=3.run"));
        assertTrue(name.fits("test@epoch=3@v2.run"));
        assertFalse(name.fits("epoch=3.run"));
        assertFalse(name.fits("test@epoch=3.ckpt"));
        assertFalse(CheckpointName.of("last").fits("my-last.ckpt"));
    }

    @Test
    void numbersHaveTheDigitsThatTellThemApart() {
        assertEquals("v=1e-05", shown(0.00001));
        assertEquals("v=1.5e+16", shown(1.5e16));
        assertEquals("v=-2.25e-100", shown(-2.25e-100));
        assertEquals("v=0.0001", shown(0.0001));
        assertEquals("v=1234567890123456.0", shown(1234567890123456.0));
        assertEquals("v=-0.0", shown(-0.0));
        assertEquals("v=0.0", shown(0));
        assertEquals("v=nan", shown(Double.NaN));
        assertEquals("v=-inf", shown(Double.NEGATIVE_INFINITY));
    }

    @Test
    void tiesAreRoundedToTheEvenDigit() {
        assertEquals("v=0.12", render("{v:.2f}", 0.125));
        assertEquals("v=0.38", render("{v:.2f}", 0.375));
        assertEquals("v=2", render("{v:.0f}", 2.5));
        assertEquals("v=-0.00", render("{v:.2f}", -0.001));
        assertEquals("v=-03", render("{v:03d}", -3));
        assertEquals("v=inf", render("{v:.2f}", Double.POSITIVE_INFINITY));
    }

    @Test
    void whatCannotBeRenderedIsNamed() {
        assertRefused(
                "CheckpointName '{epoch}-{gone}': 'gone' was not logged, only [epoch]; log it, or leave it out of the name",
                () -> CheckpointName.of("{epoch}-{gone}").render(Map.of("epoch", 1.0)));
        assertRefused(
                "CheckpointName: 'v' is 0.5, asked for as {v:d}; use {v:.2f} for what is not whole",
                () -> render("{v:d}", 0.5));
    }

    @Test
    void aTemplateThatIsNotUnderstoodIsRefused() {
        assertRefused(
                "CheckpointName: the template is ' '; name the checkpoints, as {epoch}-{step}",
                () -> CheckpointName.of(" "));
        assertRefused(
                "CheckpointName '{epoch': braces stand around metrics only, as {val_loss:.2f}",
                () -> CheckpointName.of("{epoch"));
        assertRefused(
                "CheckpointName '{v:s}': the format of 'v' is 's'; use d, 03d, .2f or none",
                () -> CheckpointName.of("{v:s}"));
        assertRefused(
                "CheckpointName 'a/{v}': 'a/' has a separator of folders; choose the folder of the checkpoints instead",
                () -> CheckpointName.of("a/{v}"));
        assertRefused(
                "CheckpointName 'a': 'b\\c' has a separator of folders; choose the folder of the checkpoints instead",
                () -> CheckpointName.of("a").prefix("b\\c"));
    }

    private static String shown(double value) {
        return render("{v}", value);
    }

    private static String render(String template, double value) {
        return CheckpointName.of(template).render(Map.of("v", value));
    }

    private static void assertRefused(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run);
        assertEquals(message, refused.getMessage());
    }
}
