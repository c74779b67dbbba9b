package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.check.NotUnderstoodException;
import conformance.kit.Event.Place;
import org.junit.jupiter.api.Test;

class LogValueTest {
    private static double at(String formula, int epoch, int batch, int loader) {
        return LogValue.read(formula).at(new Place(epoch, batch, loader, 0, 0));
    }

    @Test
    void aFormulaIsAProduct() {
        String formula = "(1+batch_idx)*(2+dataloader_idx) * (10 after epoch 0)";

        assertEquals(12, at(formula, 0, 3, 1));
        assertEquals(120, at(formula, 1, 3, 1));
    }

    @Test
    void aFormulaMayBeASingleWord() {
        assertEquals(4, at("batch_idx", 0, 4, 0));
        assertEquals(-4, at("-batch_idx", 0, 4, 0));
        assertEquals(6, at("batch_idx+2", 0, 4, 0));
        assertEquals(3, at("dataloader_idx + 1", 0, 4, 2));
        assertEquals(2, at("dataloader_idx", 0, 4, 2));
        assertEquals(5, at("current_epoch", 5, 4, 2));
        assertEquals(-1.5, at("-1.5", 0, 4, 2));
    }

    @Test
    void whatIsNoFormulaIsNotUnderstood() {
        assertThrows(NotUnderstoodException.class, () -> LogValue.read("batch_idx / 2"));
    }
}
