package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.layout.Shape;

class TensorDatasetTest {
    private final TensorDataset dataset =
            TensorDataset.of(
                    Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2)),
                    Tensor.of(7L, 8L, 9L));

    @Test
    void aSampleIsARowOfEachTensor() {
        Sample sample = dataset.get(1);

        assertEquals(3, dataset.size());
        assertArrayEquals(new float[] {3, 4}, sample.input().toFloats());
        assertEquals(8, sample.target().itemLong());
    }

    @Test
    void aBatchHasTheRowsInTheOrderAskedFor() {
        Batch batch = dataset.batch(2, 0, 2);

        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, batch.input().toFloats());
        assertArrayEquals(new long[] {9, 7, 9}, batch.target().toLongs());
    }

    @Test
    void aSubsetIsADatasetOfItsOwn() {
        TensorDataset subset = dataset.subset(2, 1);

        assertEquals(2, subset.size());
        assertEquals(9, subset.get(0).target().itemLong());
        assertThrows(IndexOutOfBoundsException.class, () -> subset.get(2));
        assertThrows(IndexOutOfBoundsException.class, () -> dataset.subset(3));
    }

    @Test
    void itsTensorsAreNotTracked() {
        Tensor tracked = Tensor.of(1f, 2f).requireGradient();

        assertFalse(TensorDataset.of(tracked).all().input().tracked());
    }

    @Test
    void anyDatasetHasSubsetsAndMappings() {
        Dataset<Integer> squares =
                new Dataset<>() {
                    @Override
                    public int size() {
                        return 5;
                    }

                    @Override
                    public Integer get(int index) {
                        return index * index;
                    }
                };

        Dataset<String> texts = squares.subset(4, 1).map(it -> it + "!");

        assertEquals(2, texts.size());
        assertEquals("16!", texts.get(0));
        assertThrows(IndexOutOfBoundsException.class, () -> squares.subset(5));
    }
}
