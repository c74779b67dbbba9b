package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Indexed;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class SortingTest {
    @Test
    void equalElementsKeepTheirOrderAndNaNIsTheGreatest() {
        Tensor x = Tensor.of(2, Double.NaN, 0.0, -0.0, 2, -1);

        Indexed up = x.sort(0);
        Indexed down = x.sortDescending(-1);

        assertArrayEquals(new long[] {5, 2, 3, 0, 4, 1}, up.indices().toLongs());
        assertArrayEquals(new long[] {1, 0, 4, 2, 3, 5}, down.indices().toLongs());
        assertArrayEquals(new double[] {-1, 0.0, -0.0, 2, 2, Double.NaN}, up.values().toDoubles());
    }

    @Test
    void integersAreSortedToo() {
        Tensor x = Tensor.of(new long[] {3, Long.MIN_VALUE, Long.MAX_VALUE, 3}, Shape.of(2, 2));

        assertArrayEquals(
                new long[] {Long.MIN_VALUE, 3, 3, Long.MAX_VALUE}, x.sort(1).values().toLongs());
    }

    @Test
    void theFirstOnesAreInOrder() {
        Tensor x = Tensor.of(3.0, 1, 4, 1.5);

        assertArrayEquals(new double[] {4, 3}, x.topK(2, 0).values().toDoubles());
        assertArrayEquals(new long[] {1, 3, 0}, x.bottomK(3, 0).indices().toLongs());
        assertEquals(0, x.topK(0, 0).values().elementCount());
    }

    @Test
    void theGradientOfAnExtremeGoesToItsFirstPlace() {
        Parameter x = Parameter.of(Tensor.of(new double[] {1, 5, 5, 7, 2, 7}, Shape.of(2, 3)));

        Indexed max = x.value().maxIndexed(1);
        max.values().sum().backward();

        assertArrayEquals(new long[] {1, 0}, max.indices().toLongs());
        assertArrayEquals(new double[] {0, 1, 0, 1, 0, 0}, x.grad().orElseThrow().toDoubles());
    }

    @Test
    void thereAreNotMoreThanThereAre() {
        assertMessage(
                "topK: 3 elements of axis 0 of [2]; use 0 to 2",
                () -> Tensor.of(1.0, 2).topK(3, 0));
        assertMessage(
                "bottomK: -1 elements of axis 0 of [2]; use 0 to 2",
                () -> Tensor.of(1.0, 2).bottomK(-1, -1));
        assertMessage(
                "sort: bool has no arithmetic; cast it to int64, float32 or float64",
                () -> Tensor.of(true, false).sort(0));
        assertMessage("sort: there is no axis 0 in [], a scalar", () -> Tensor.scalar(1.0).sort(0));
    }

    private static void assertMessage(String expected, Runnable faulty) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, faulty::run).getMessage());
    }
}
