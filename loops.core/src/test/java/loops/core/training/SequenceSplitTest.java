package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;

class SequenceSplitTest {
    /// Two samples: five time steps of one number each, the same with the time axis last, and a label.
    private static Batch batch() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("input", Tensor.arange(10).reshape(2, 5, 1));
        tensors.put("target", Tensor.arange(10).reshape(2, 1, 5));
        tensors.put("label", Tensor.of(7f, 8f));
        return Batch.of(tensors);
    }

    private static SequenceSplit every(int steps) {
        return SequenceSplit.every(steps).along("input", 1).along("target", 2);
    }

    @Test
    void theLastPartMayBeShorter() {
        var split = every(2);

        assertEquals(3, split.parts(batch()));
        assertEquals(Shape.of(2, 2, 1), split.part(batch(), 1).input().shape());
        assertArrayEquals(new long[] {2, 3, 7, 8}, split.part(batch(), 1).input().toLongs());
        assertArrayEquals(new long[] {4, 9}, split.part(batch(), 2).input().toLongs());
    }

    @Test
    void everyTensorIsSplitAlongItsOwnAxisAndWhatIsNotNamedGoesToEveryPart() {
        var part = every(3).part(batch(), 1);

        assertArrayEquals(new long[] {3, 4, 8, 9}, part.input().toLongs());
        assertArrayEquals(new long[] {3, 4, 8, 9}, part.target().toLongs());
        assertEquals(Shape.of(2, 1, 2), part.target().shape());
        assertArrayEquals(new float[] {7, 8}, part.get("label").toFloats());
    }

    @Test
    void partsAsLongAsTheSequenceOrLongerAreOne() {
        assertEquals(5, every(1).parts(batch()));
        assertEquals(1, every(5).parts(batch()));
        assertEquals(1, every(100).parts(batch()));
        assertArrayEquals(batch().input().toLongs(), every(100).part(batch(), 0).input().toLongs());
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        assertRefused(
                "SequenceSplit: steps is 0; use a number from 1", () -> SequenceSplit.every(0));
        assertRefused(
                "SequenceSplit: the axis of 'input' is -1; use a number from 0",
                () -> SequenceSplit.every(1).along("input", -1));
    }

    @Test
    void aBatchThatDoesNotFitIsRefused() {
        assertRefused(
                "SequenceSplit: no tensor is named; say along(name, axis) for those that are split",
                () -> SequenceSplit.every(2).parts(batch()));
        assertRefused(
                "SequenceSplit: 'label' has shape [2] and no axis 1; name its time axis",
                () -> every(2).along("label", 1).parts(batch()));
        assertRefused(
                "SequenceSplit: 'input' has 5 time steps and 'label' has 2; split tensors of one length",
                () -> SequenceSplit.every(2).along("input", 1).along("label", 0).parts(batch()));
        assertRefused(
                "Batch: there is no 'mask'; found [input, target, label]",
                () -> every(2).along("mask", 1).parts(batch()));
    }

    private static void assertRefused(String message, Executable refused) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, refused).getMessage());
    }
}
