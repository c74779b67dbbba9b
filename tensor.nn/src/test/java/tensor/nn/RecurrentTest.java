package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class RecurrentTest {
    private static final RandomKey KEY = RandomKey.of(5);

    private static void two(Recurrent.Config config) {
        config.layers(2);
    }

    @Test
    void aSequenceInTwoPartsGivesWhatTheWholeGives() {
        for (Recurrent net :
                List.of(
                        Rnn.of(3, 4, RecurrentTest::two),
                        Lstm.of(3, 4, RecurrentTest::two),
                        Gru.of(3, 4, RecurrentTest::two))) {
            net.initialize(KEY);
            Tensor x = Tensor.normal(KEY, Shape.of(2, 5, 3));

            Recurrent.Result whole = net.run(x);
            Recurrent.Result first = net.run(x.slice(1, 0, 2));
            Recurrent.Result second = net.run(x.slice(1, 2, 5), first.state());

            assertArrayEquals(
                    whole.outputs().toFloats(),
                    Tensor.concat(1, first.outputs(), second.outputs()).toFloats());
            for (int i = 0; i < whole.state().size(); i++) {
                assertArrayEquals(
                        whole.state().get(i).toFloats(), second.state().get(i).toFloats());
            }
            assertArrayEquals(
                    whole.outputs().select(1, -1).toFloats(),
                    whole.state().getFirst().select(0, 1).toFloats());
        }
    }

    @Test
    void timeMayComeFirst() {
        Gru batchFirst = Gru.of(2, 3);
        Gru timeFirst = Gru.of(2, 3, config -> config.timeFirst());
        batchFirst.initialize(KEY, DType.FLOAT64);
        timeFirst.initialize(KEY, DType.FLOAT64);
        Tensor x = Tensor.normal(KEY, Shape.of(4, 5, 2), DType.FLOAT64);

        Tensor y = batchFirst.apply(x);

        assertArrayEquals(
                y.toDoubles(), timeFirst.apply(x.transpose(0, 1)).transpose(0, 1).toDoubles());
    }

    @Test
    void whatGoesBackwardsIsTheSequenceTurnedRound() {
        Lstm both = Lstm.of(2, 3, config -> config.bidirectional()).initialize(KEY, DType.FLOAT64);
        Lstm one = Lstm.of(2, 3);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        both.stateDict()
                .forEach((name, tensor) -> {
                    if (name.endsWith("_reverse")) {
                        weights.put(name.replace("_reverse", ""), tensor);
                    }
                });
        one.loadStateDict(weights);
        Tensor x = Tensor.normal(KEY, Shape.of(4, 5, 2), DType.FLOAT64);

        Recurrent.Result found = both.run(x);

        Recurrent.Result turned = one.run(x.flip(1));
        assertEquals(Shape.of(4, 5, 6), found.outputs().shape());
        assertEquals(Shape.of(2, 4, 3), found.state().getFirst().shape());
        assertArrayEquals(
                turned.outputs().flip(1).toDoubles(),
                found.outputs().slice(2, 3, 6).contiguous().toDoubles());
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    turned.state().get(i).select(0, 0).toDoubles(),
                    found.state().get(i).select(0, 1).contiguous().toDoubles());
        }
    }

    @Test
    void bothDirectionsLeadToTheNextLayer() {
        Gru gru = Gru.of(2, 3, config -> config.layers(2).bidirectional()).initialize(KEY);

        Recurrent.Result found = gru.run(Tensor.normal(KEY, Shape.of(4, 5, 2)));

        assertEquals(Shape.of(4, 5, 6), found.outputs().shape());
        assertEquals(Shape.of(4, 4, 3), found.state().getFirst().shape());
        assertEquals(
                Shape.of(9, 6),
                Objects.requireNonNull(gru.stateDict().get("weight_ih_l1_reverse")).shape());
        assertEquals(
                List.of(
                        "weight_ih_l0",
                        "weight_hh_l0",
                        "weight_ih_l0_reverse",
                        "weight_hh_l0_reverse"),
                List.copyOf(
                        Gru.of(2, 3, config -> config.noBias().bidirectional())
                                .namedParameters()
                                .keySet()));
    }

    @Test
    void outputsAreDroppedBetweenLayersInTraining() {
        Rnn rnn = Rnn.of(2, 3, config -> config.layers(2).dropout(1)).initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(1, 4, 2));
        Tensor other = Tensor.normal(KEY.fold("other"), Shape.of(1, 4, 2));

        assertArrayEquals(rnn.apply(x).toFloats(), rnn.apply(other).toFloats());
        rnn.eval();
        assertFalse(Arrays.equals(rnn.apply(x).toFloats(), rnn.apply(other).toFloats()));
        refused(
                "Dropout: probability is 2.0; use a number from 0 to 1",
                () -> Gru.of(1, 1, config -> config.dropout(2)));
    }

    @Test
    void aPlainNetworkMayHaveReluInPlaceOfTanh() {
        Rnn rnn = Rnn.relu(1, 1, config -> config.noBias());
        Tensor one = Tensor.of(new float[] {1}, Shape.of(1, 1));
        rnn.loadStateDict(Map.of("weight_ih_l0", one, "weight_hh_l0", one));

        Tensor y = rnn.apply(Tensor.of(new float[] {2, 3, -7}, Shape.of(1, 3, 1)));

        assertArrayEquals(new float[] {2, 5, 0}, y.toFloats());
    }

    @Test
    void parametersHaveTheNamesOfPyTorch() {
        assertEquals(
                List.of(
                        "weight_ih_l0",
                        "weight_hh_l0",
                        "bias_ih_l0",
                        "bias_hh_l0",
                        "weight_ih_l1",
                        "weight_hh_l1",
                        "bias_ih_l1",
                        "bias_hh_l1"),
                List.copyOf(Lstm.of(3, 4, RecurrentTest::two).namedParameters().keySet()));
        assertEquals(
                List.of("weight_ih_l0", "weight_hh_l0"),
                List.copyOf(Rnn.of(3, 4, config -> config.noBias()).namedParameters().keySet()));
        assertEquals("Lstm(3, 4, layers 2)", Lstm.of(3, 4, RecurrentTest::two).toString());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Lstm lstm = Lstm.of(3, 4).initialize(KEY);
        refused(
                "Lstm: the input is [2, 5, 2]; it needs [batch, time, in] with 3 inputs and at least one place",
                () -> lstm.apply(Tensor.zeros(Shape.of(2, 5, 2))));
        refused(
                "Rnn: the input is [0, 5, 3]; it needs [time, batch, in] with 3 inputs and at least one place",
                () ->
                        Rnn.of(3, 4, config -> config.timeFirst())
                                .apply(Tensor.zeros(Shape.of(0, 5, 3))));
        refused(
                "Lstm: the state is [[1, 2, 4]]; it needs 2 of [1, 2, 4]",
                () ->
                        lstm.run(
                                Tensor.zeros(Shape.of(2, 5, 3)),
                                List.of(Tensor.zeros(Shape.of(1, 2, 4)))));
        refused("Recurrent: 0 inputs and 4 hidden; use numbers from 1", () -> Gru.of(0, 4));
        refused(
                "Recurrent: layers is 0; use a number from 1",
                () -> Gru.of(1, 1, config -> config.layers(0)));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
