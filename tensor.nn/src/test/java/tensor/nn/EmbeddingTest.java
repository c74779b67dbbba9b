package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

class EmbeddingTest {
    private static final RandomKey KEY = RandomKey.of(9);

    @Test
    void eachIndexGetsItsRow() {
        Embedding embedding = Embedding.of(3, 2).initialize(KEY);
        embedding.weight().assign(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2)));

        Tensor vectors = embedding.apply(Tensor.of(new long[] {2, 0, 2, 1}, Shape.of(2, 2)));

        assertEquals(Shape.of(2, 2, 2), vectors.shape());
        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6, 3, 4}, vectors.toFloats());
        assertEquals("Embedding[3, 2]", embedding.toString());
    }

    @Test
    void whatStandsForNothingIsZeroAndDoesNotLearn() {
        Embedding embedding = Embedding.of(3, 2, 1).initialize(KEY);

        embedding.apply(Tensor.of(1L, 2, 1)).sum().backward();

        assertArrayEquals(new float[] {0, 0}, embedding.weight().value().select(0, 1).toFloats());
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 1, 1}, embedding.weight().grad().orElseThrow().toFloats());
    }

    @Test
    void whatIsNotThereIsRefused() {
        refused("Embedding: 0 vectors of width 2; use numbers from 1", () -> Embedding.of(0, 2));
        refused(
                "Embedding: padding is 3; there are indices from 0 to 2",
                () -> Embedding.of(3, 2, 3));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
