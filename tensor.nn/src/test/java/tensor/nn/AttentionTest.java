package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class AttentionTest {
    private static final RandomKey KEY = RandomKey.of(6);

    @Test
    void aPlaceOfACausalOneDoesNotSeeWhatComesAfterIt() {
        TransformerBlock block = TransformerBlock.of(4, 2, config -> config.causal());
        block.initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(1, 5, 4));
        Tensor other = Tensor.concat(1, x.slice(1, 0, 3), x.slice(1, 3, 5).mul(7));

        assertArrayEquals(
                block.apply(x).slice(1, 0, 3).contiguous().toFloats(),
                block.apply(other).slice(1, 0, 3).contiguous().toFloats());
    }

    @Test
    void keysThatAreMaskedHaveNoWeight() {
        Tensor query = normal(1, 2, 3);
        Tensor key = normal(1, 3, 3);
        Tensor visible = Tensor.of(new boolean[] {true, false, true}, Shape.of(1, 3));
        double hidden = Double.NEGATIVE_INFINITY;
        Tensor added = Tensor.of(new double[] {0, hidden, 0}, Shape.of(1, 3));

        Tensor weights = Attention.full().masked(visible).weights(query, key);

        assertArrayEquals(new double[] {0, 0}, weights.select(2, 1).contiguous().toDoubles());
        assertArrayEquals(new double[] {1, 1}, weights.sum(2).contiguous().toDoubles(), 1e-15);
        assertArrayEquals(
                weights.toDoubles(),
                Attention.full().masked(added).weights(query, key).toDoubles());
    }

    @Test
    void headsLookAtPartsOfTheWidth() {
        MultiHeadAttention heads = MultiHeadAttention.of(4, 2, Attention.full());
        heads.initialize(KEY, DType.FLOAT64);
        Tensor x = normal(2, 3, 4);
        Tensor ignored =
                Tensor.of(new boolean[] {false, true, false, false, false, true}, Shape.of(2, 3));

        MultiHeadAttention.Result result = heads.run(x, x, x, Optional.of(ignored));

        assertEquals(Shape.of(2, 3, 4), result.values().shape());
        assertEquals(Shape.of(2, 3, 3), result.weights().shape());
        assertEquals(0, result.weights().select(0, 0).select(1, 1).sum().item());
        assertEquals(
                List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
                List.copyOf(heads.namedParameters().keySet()));
        assertEquals("MultiHeadAttention(4, heads 2)", heads.toString());
    }

    @Test
    void aBlockNormalizesBeforeItsPartsOrAfterThem() {
        Tensor x = Tensor.normal(KEY, Shape.of(2, 3, 4));
        TransformerBlock after =
                TransformerBlock.of(
                        4,
                        1,
                        config ->
                                config.normAfter()
                                        .hidden(5)
                                        .dropout(0.1)
                                        .activation(Activation.RELU));
        after.initialize(KEY);
        after.eval();

        Tensor y = after.apply(x);

        assertEquals(0, y.mean(2).abs().max().item(), 1e-6);
        assertEquals(
                Shape.of(5, 4),
                Objects.requireNonNull(after.stateDict().get("linear1.weight")).shape());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(
                "Attention: query [3] and key [2, 3]; both need at least two axes",
                () -> Attention.full().weights(normal(3), normal(2, 3)));
        refused(
                "Attention: the mask is int64; use bool, or floating point",
                () -> Attention.full().masked(Tensor.of(1L)));
        refused(
                "MultiHeadAttention: width 4 and 3 heads; use numbers from 1, and heads that divide the width",
                () -> MultiHeadAttention.of(4, 3, Attention.full()));
        MultiHeadAttention heads = MultiHeadAttention.of(4, 2, Attention.full());
        refused(
                "MultiHeadAttention: the input is [2, 4]; it needs [batch, places, 4]",
                () -> heads.apply(normal(2, 4)));
        refused(
                "MultiHeadAttention: the keys that take no part are [3, 3]; they need [2, keys]",
                () ->
                        heads.run(
                                normal(2, 3, 4),
                                normal(2, 3, 4),
                                normal(2, 3, 4),
                                Optional.of(normal(3, 3).less(0))));
        refused(
                "TransformerBlock: hidden is 0; use a number from 1",
                () -> TransformerBlock.of(4, 2, config -> config.hidden(0)));
    }

    private static Tensor normal(int... sizes) {
        return Tensor.normal(KEY, Shape.of(sizes), DType.FLOAT64);
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
