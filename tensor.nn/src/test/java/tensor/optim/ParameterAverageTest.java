package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;

class ParameterAverageTest {
    private final Parameter weight = Parameter.of(Tensor.of(1.0, 2.0));
    private final Parameter bias = Parameter.of(Tensor.scalar(4f));
    private final ParameterAverage average =
            ParameterAverage.exponential(List.of(weight, bias), 0.75);

    private void become(double first, double second) {
        TensorScope.run(
                "step",
                () -> {
                    weight.assign(Tensor.of(first, second));
                    average.update();
                });
    }

    @Test
    void theFirstValuesEnterWhole() {
        become(8, 16);

        assertArrayEquals(new double[] {8, 16}, average.averages().getFirst().toDoubles());
        assertEquals(4, average.averages().getLast().item());
        assertEquals(1, average.updates());
    }

    @Test
    void laterValuesEnterInPart() {
        become(8, 16);
        become(16, 0);
        become(0, 12);

        assertArrayEquals(new double[] {7.5, 12}, average.averages().getFirst().toDoubles());
        assertArrayEquals(new double[] {0, 12}, weight.value().toDoubles());
    }

    @Test
    void allValuesCountAlikeInAUniformMean() {
        var uniform = ParameterAverage.uniform(List.of(weight));
        for (double[] value : new double[][] {{8, 16}, {16, 0}, {0, 5}}) {
            TensorScope.run(
                    "step",
                    () -> {
                        weight.assign(Tensor.of(value[0], value[1]));
                        uniform.update();
                    });
        }

        assertArrayEquals(new double[] {8, 7}, uniform.averages().getFirst().toDoubles(), 1e-12);
    }

    @Test
    void swappingTwiceGivesTheOwnValuesBack() {
        become(8, 16);
        become(16, 0);

        average.swap();
        boolean during = average.swapped();
        double[] swapped = weight.value().toDoubles();
        double[] averages = average.averages().getFirst().toDoubles();
        average.swap();

        assertTrue(during);
        assertArrayEquals(new double[] {10, 12}, swapped);
        assertArrayEquals(swapped, averages);
        assertFalse(average.swapped());
        assertArrayEquals(new double[] {16, 0}, weight.value().toDoubles());
        assertArrayEquals(averages, average.averages().getFirst().toDoubles());
    }

    @Test
    void aLoadedAverageGoesOnAsTheOldOneWouldHave() {
        for (boolean swapped : List.of(false, true)) {
            ParameterAverage first = ParameterAverage.exponential(List.of(weight), 0.9);
            first.update();
            weight.assign(Tensor.of(0.1, 0.7));
            first.update();
            if (swapped) {
                first.swap();
            }
            Parameter other = Parameter.of(weight.value().detach().copy());
            ParameterAverage second = ParameterAverage.exponential(List.of(other), 0.9);

            second.loadStateDict(first.stateDict());
            for (ParameterAverage it : List.of(first, second)) {
                if (swapped) {
                    it.swap();
                }
                it.update();
            }

            assertEquals(first.updates(), second.updates());
            assertArrayEquals(
                    first.averages().getFirst().toDoubles(),
                    second.averages().getFirst().toDoubles());
            assertArrayEquals(weight.value().toDoubles(), other.value().toDoubles());
        }
    }

    @Test
    void withoutAnUpdateThereIsNoAverage() {
        assertState(
                "ParameterAverage.averages: there has been no update yet, so there is no average",
                average::averages);
        assertState(
                "ParameterAverage.swap: there has been no update yet, so there is no average",
                average::swap);
        assertEquals(List.of("updates", "swapped"), List.copyOf(average.stateDict().keySet()));
    }

    @Test
    void averagesAreNotAveraged() {
        average.update();
        average.swap();

        assertState(
                "ParameterAverage.update: the parameters have the averages; swap them back first",
                average::update);
    }

    @Test
    void whatDoesNotFitIsAnError() {
        average.update();
        Map<String, Tensor> state = new LinkedHashMap<>(average.stateDict());
        state.put("2", Tensor.of(1.0));
        assertMessage(
                "loadStateDict: unknown [2]; ParameterAverage keeps no such state",
                () -> average.loadStateDict(state));
        state.put("1", Tensor.scalar(1.0));
        assertMessage(
                "loadStateDict: '1' is [] float64, but [] float32 is needed",
                () -> average.loadStateDict(state));
        assertMessage(
                "loadStateDict: no 'updates'; found []", () -> average.loadStateDict(Map.of()));
        assertMessage(
                "ParameterAverage: decay is 1.0; use a number from 0 to below 1",
                () -> ParameterAverage.exponential(List.of(), 1));
    }

    private static void assertState(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalStateException.class, faulty).getMessage());
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }
}
