package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class BatchTest {
    private static final Tensor SIX = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2));
    private static final Tensor LABELS = Tensor.of(7L, 8L, 9L);

    @Test
    void namesAndOrderOfTheTensorsAreKept() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("users", LABELS);
        tensors.put("ratings", SIX);

        Batch batch = Batch.of(tensors);

        assertEquals(3, batch.size());
        assertEquals(List.of("users", "ratings"), List.copyOf(batch.tensors().keySet()));
        assertEquals(LABELS, batch.get("users"));
        assertEquals("Batch users [3] ratings [3, 2]", batch.toString());
    }

    @Test
    void stackedSamplesBecomeTheRows() {
        Batch batch =
                Batch.stack(
                        List.of(
                                Sample.of(Tensor.of(1f, 2f), Tensor.scalar(5L)),
                                Sample.of(Tensor.of(3f, 4f), Tensor.scalar(6L))));

        assertEquals(Shape.of(2, 2), batch.input().shape());
        assertArrayEquals(new float[] {1, 2, 3, 4}, batch.input().toFloats());
        assertArrayEquals(new long[] {5, 6}, batch.target().toLongs());
    }

    @Test
    void aSliceHasSomeOfTheSamples() {
        Batch slice = Batch.of(SIX, LABELS).slice(1, 3);

        assertArrayEquals(new float[] {3, 4, 5, 6}, slice.input().toFloats());
        assertArrayEquals(new long[] {8, 9}, slice.target().toLongs());
        assertThrows(IndexOutOfBoundsException.class, () -> Batch.of(SIX, LABELS).slice(1, 4));
    }

    @Test
    void tensorsThatAreNoBatchAreErrors() {
        assertMessage(
                "Batch: 'input' has shape [3, 2], 'target' has [2]; their first axes differ",
                () -> Batch.of(SIX, Tensor.of(1L, 2L)));
        assertMessage(
                "Batch: 'input' is a scalar; its first axis must count the samples",
                () -> Batch.of(Tensor.scalar(1f)));
        assertThrows(ShapeException.class, () -> Batch.of(Tensor.scalar(1f)));
        assertMessage(
                "Batch: there is no tensor; at least one is needed",
                () -> Batch.of(new LinkedHashMap<>()));
        assertMessage("Batch: there is no 'target'; found [input]", () -> Batch.of(SIX).target());
        assertMessage(
                "Sample: there is no 'mask'; found [input]", () -> Sample.of(SIX).get("mask"));
        assertMessage(
                "Batch.stack: there is no sample; at least one is needed",
                () -> Batch.stack(List.of()));
        assertMessage(
                "Batch.stack: one sample has [input], another [input, target]",
                () -> Batch.stack(List.of(Sample.of(SIX), Sample.of(SIX, LABELS))));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }

    // ---- which samples it has

    private final Batch three = Batch.of(Tensor.of(1f, 2f, 3f)).withIndices(7, 0, 5);

    @Test
    void aBatchKnowsItsSamplesIfItIsTold() {
        assertEquals(List.of(), Batch.of(Tensor.of(1f)).indices());
        assertEquals(List.of(7, 0, 5), three.indices());
    }

    @Test
    void whatIsMadeOfABatchKnowsItsSamplesAsLongAsTheyAreTheSame() {
        assertEquals(List.of(0, 5), three.slice(1, 3).indices());
        assertEquals(List.of(7, 0, 5), three.slice(0, 3).indices());
        assertEquals(List.of(7, 0, 5), three.map(Tensor::neg).indices());
        assertEquals(List.of(), three.map(tensor -> tensor.slice(0, 0, 2)).indices());
    }

    @Test
    void thePartsOfACombinedBatchKnowTheirSamples() {
        var parts = new LinkedHashMap<String, Batch>();
        parts.put("labelled", three);

        var combined = Batch.combine(parts);

        assertEquals(List.of(), combined.indices());
        assertEquals(List.of(7, 0, 5), combined.part("labelled").indices());
    }

    @Test
    void indicesOfOtherThanTheSamplesAreRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Batch.of(Tensor.of(1f, 2f)).withIndices(1));

        assertEquals(
                "Batch.withIndices: 1 indices for 2 samples; give one for each",
                refused.getMessage());
    }
}
