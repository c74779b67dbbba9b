package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Gradients;
import tensor.api.Parameter;
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
    void aQueryThatSeesNoKeyGetsZerosAndGivesNoGradient() {
        Parameter query = Parameter.of(normal(2, 3));
        Parameter key = Parameter.of(normal(3, 3));
        Parameter value = Parameter.of(normal(3, 2));
        Tensor visible =
                Tensor.of(new boolean[] {false, false, false, true, false, true}, Shape.of(2, 3));
        Attention attention = Attention.full().masked(visible);

        Tensor y = attention.apply(query.value(), key.value(), value.value());
        var parameters = List.of(query, key, value);
        List<Tensor> slopes = Gradients.differentiable(y.square().sum(), parameters);
        Tensor bend = slopes.getFirst().square().sum().add(slopes.get(2).square().sum());
        List<Tensor> second = Gradients.of(bend, parameters);

        assertArrayEquals(new double[] {0, 0}, y.select(0, 0).toDoubles());
        Tensor seen =
                attention.apply(
                        query.value().detach(), key.value().detach(), value.value().detach());
        assertTrue(seen.select(0, 1).abs().min().item() > 0);
        for (List<Tensor> all : List.of(slopes, second)) {
            assertArrayEquals(
                    new double[] {0, 0, 0}, all.getFirst().select(0, 0).contiguous().toDoubles());
            for (Tensor one : all) {
                assertFalse(Double.isNaN(one.sum().item()));
            }
            assertTrue(all.getFirst().select(0, 1).abs().max().item() > 0);
        }
    }

    @Test
    void aBatchWithPaddingOnItsLeftTrainsACausalBlock() {
        TransformerBlock block = TransformerBlock.of(4, 2, config -> config.causal());
        block.initialize(KEY, DType.FLOAT64);
        Tensor x = normal(2, 3, 4);
        Tensor padding =
                Tensor.of(new boolean[] {true, true, false, false, false, false}, Shape.of(2, 3));

        block.apply(x, AttentionMask.ignoring(padding)).square().sum().backward();

        block.namedParameters()
                .forEach((path, parameter) ->
                        assertFalse(
                                Double.isNaN(parameter.grad().orElseThrow().sum().item()), path));
    }

    @Test
    void aMaskHoldsForOneCall() {
        MultiHeadAttention heads =
                MultiHeadAttention.of(4, 2, Attention.full().causal())
                        .initialize(KEY, DType.FLOAT64);
        Tensor x = normal(2, 3, 4);
        Tensor ignored =
                Tensor.of(new boolean[] {false, true, false, false, false, true}, Shape.of(2, 3));
        Tensor visible = Tensor.of(new boolean[] {false, true, true}, Shape.of(1, 3));
        double hidden = Double.NEGATIVE_INFINITY;
        Tensor added = Tensor.of(new double[] {hidden, 0, 0}, Shape.of(1, 1, 3));
        AttentionMask both = AttentionMask.of(visible).and(AttentionMask.ignoring(ignored));

        Tensor weights = heads.run(x, x, x, both).weights();

        assertArrayEquals(
                new double[] {0, 0, 0, 0, 0, 0, 0, 0, 1},
                weights.select(0, 0).contiguous().toDoubles());
        assertArrayEquals(
                new double[] {0, 0, 0, 0, 1, 0, 0, 1, 0},
                weights.select(0, 1).contiguous().toDoubles());
        assertArrayEquals(
                weights.toDoubles(),
                heads.run(x, x, x, AttentionMask.ignoring(ignored).and(AttentionMask.of(added)))
                        .weights()
                        .toDoubles());
        assertArrayEquals(
                weights.toDoubles(),
                heads.run(x, x, x, AttentionMask.of(added).and(both).and(AttentionMask.none()))
                        .weights()
                        .toDoubles());
        assertArrayEquals(
                heads.apply(x).toDoubles(), heads.apply(x, AttentionMask.none()).toDoubles());
    }

    @Test
    void scoresThatTwoMasksAddAreSummed() {
        Tensor query = normal(2, 3);
        Tensor key = normal(4, 3);
        Tensor one = normal(2, 4);

        assertArrayEquals(
                Attention.full().masked(one.add(one)).weights(query, key).toDoubles(),
                Attention.full().masked(one).masked(one).weights(query, key).toDoubles(),
                1e-15);
    }

    @Test
    void weightsAreDroppedInTraining() {
        MultiHeadAttention heads =
                MultiHeadAttention.of(4, 2, config -> config.dropout(1)).initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(2, 3, 4));

        assertEquals(0, heads.apply(x).abs().max().item());
        assertEquals(
                1, heads.run(x, x, x, AttentionMask.none()).weights().sum(2).max().item(), 1e-6);
        heads.eval();
        assertTrue(heads.apply(x).abs().max().item() > 0);
        assertEquals(
                List.of("self_attn.dropout.random"),
                TransformerBlock.of(4, 2, config -> config.attentionDropout(0.1))
                        .initialize(KEY)
                        .stateDict()
                        .keySet()
                        .stream()
                        .filter(path -> path.startsWith("self_attn.dropout"))
                        .toList());
    }

    @Test
    void headsLookAtPartsOfTheWidth() {
        MultiHeadAttention heads = MultiHeadAttention.of(4, 2, Attention.full());
        heads.initialize(KEY, DType.FLOAT64);
        Tensor x = normal(2, 3, 4);
        Tensor ignored =
                Tensor.of(new boolean[] {false, true, false, false, false, true}, Shape.of(2, 3));

        MultiHeadAttention.Result result = heads.run(x, x, x, AttentionMask.ignoring(ignored));

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
                "MultiHeadAttention: the mask is [3, 1, 1, 3]; it does not broadcast to [batch, heads, queries, keys], which is [2, 2, 3, 3]",
                () -> heads.apply(normal(2, 3, 4), AttentionMask.ignoring(normal(3, 3).less(0))));
        refused(
                "AttentionMask: the mask is [3]; use [queries, keys], [batch, queries, keys] or [batch, heads, queries, keys]",
                () -> AttentionMask.of(normal(3)));
        refused(
                "AttentionMask: the mask is int64; use bool, or floating point",
                () -> AttentionMask.of(Tensor.of(1L)));
        refused(
                "AttentionMask: the keys that take no part are float64; use bool",
                () -> AttentionMask.ignoring(normal(2, 3)));
        refused(
                "AttentionMask: the keys that take no part are [3]; they need [batch, keys]",
                () -> AttentionMask.ignoring(normal(3).less(0)));
        refused(
                "Dropout: probability is 1.5; use a number from 0 to 1",
                () -> MultiHeadAttention.of(4, 2, config -> config.dropout(1.5)));
        refused(
                "Dropout: probability is -1.0; use a number from 0 to 1",
                () -> TransformerBlock.of(4, 2, config -> config.attentionDropout(-1)));
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
