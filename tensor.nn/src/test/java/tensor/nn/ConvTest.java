package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

class ConvTest {
    private static final RandomKey KEY = RandomKey.of(3);

    @Test
    void layersHaveAKernelAndABias() {
        Conv2d conv = Conv2d.of(2, 4, 3, config -> config.stride(2).padding(1).groups(2));
        conv.initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(5, 2, 7, 8));

        Tensor y = conv.apply(x);

        assertEquals(Shape.of(5, 4, 4, 4), y.shape());
        assertEquals(Shape.of(4, 1, 3, 3), conv.weight().shape());
        assertEquals(List.of("weight", "bias"), List.copyOf(conv.namedParameters().keySet()));
        double bound = 1 / Math.sqrt(9);
        assertTrue(conv.weight().value().abs().max().item() <= bound);
        assertEquals("Conv2d[4, 1, 3, 3]", conv.toString());
        assertArrayEquals(
                conv.how()
                        .apply(x, conv.weight().value())
                        .add(conv.bias().orElseThrow().value().reshape(4, 1, 1))
                        .toFloats(),
                y.toFloats());
    }

    @Test
    void theBiasCanBeLeftOutAndFirstValuesChosen() {
        Conv1d conv = Conv1d.of(1, 1, 2, config -> config.noBias().weight(Init.ones()).dilation(2));
        conv.initialize(KEY);

        Tensor y = conv.apply(Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(1, 1, 4)));

        assertArrayEquals(new float[] {4, 6}, y.toFloats());
        assertTrue(conv.bias().isEmpty());
    }

    @Test
    void aTransposedConvolutionMakesLongerSequences() {
        ConvTranspose1d conv = ConvTranspose1d.of(1, 1, 2, config -> config.stride(2).noBias());
        conv.loadStateDict(Map.of("weight", Tensor.of(new float[] {1, 10}, Shape.of(1, 1, 2))));

        Tensor y = conv.apply(Tensor.of(new float[] {2, 3}, Shape.of(1, 1, 2)));

        assertArrayEquals(new float[] {2, 20, 3, 30}, y.toFloats());
        assertEquals(
                Shape.of(4, 3, 5),
                ConvTranspose1d.of(4, 6, 5, config -> config.groups(2)).weight().shape());
    }

    @Test
    void aTransposedOneMakesLargerFields() {
        ConvTranspose2d conv =
                ConvTranspose2d.of(3, 2, 3, config -> config.stride(2).padding(1).outputPadding(1));
        conv.initialize(KEY);

        assertEquals(Shape.of(3, 2, 3, 3), conv.weight().shape());
        assertEquals(Shape.of(1, 2, 8, 10), conv.apply(Tensor.zeros(Shape.of(1, 3, 4, 5))).shape());
    }

    @Test
    void ofEqualOnesTheFirstHasTheGradient() {
        Tensor x = Tensor.of(1f, 5f, 5f, 2f).requireGradient();

        Tensor y = Pooling.of(4).max(x);

        assertArrayEquals(new float[] {5}, y.toFloats());
        assertArrayEquals(
                new float[] {0, 1, 0, 0}, Gradients.of(y.sum(), List.of(x)).getFirst().toFloats());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Convolution conv = Convolution.of(2);
        refused(
                "conv: the input is [2, 3] and the weight [4, 3, 2, 2]; over 2 axes both have 4",
                () -> conv.apply(zeros(2, 3), zeros(4, 3, 2, 2)));
        refused(
                "conv: the channels of the input [1, 3, 5, 5] and of the weight [4, 2, 2, 2] do not fit with 1 groups",
                () -> conv.apply(zeros(1, 3, 5, 5), zeros(4, 2, 2, 2)));
        refused(
                "conv transposed: the channels of the input [1, 3, 5, 5] and of the weight [4, 2, 2, 2] do not fit with 1 groups",
                () -> conv.transposed(zeros(1, 3, 5, 5), zeros(4, 2, 2, 2)));
        refused(
                "conv transposed: 2 more elements at the end of axis 2; use a number from 0 below the stride 2 or the dilation 1",
                () -> conv.stride(2).transposed(zeros(1, 4, 5, 5), zeros(4, 2, 2, 2), 2));
        refused("Convolution: stride is [1, 0]; use numbers from 1", () -> conv.stride(1, 0));
        refused("Convolution: padding is [-1, -1]; use numbers from 0", () -> conv.padding(-1));
        refused("Convolution: groups is 0; use a number from 1", () -> conv.groups(0));
        refused(
                "Convolution: [1, 1, 1] and [0, 0] are for 3 and 2 axes; give one number for each axis, or one for all",
                () -> conv.stride(1, 1, 1));
        refused(
                "Conv2d: 3 channels in and 4 out with 2 groups; use numbers from 1 that the groups divide",
                () -> Conv2d.of(3, 4, 1, config -> config.groups(2)));
        refused(
                "Pooling: padding [2] is more than half of the window [3]; use at most half",
                () -> Pooling.of(3).padding(2));
        refused(
                "Pooling: [3] has 1 axes, the window [2, 2] has 2",
                () -> Pooling.of(2, 2).max(zeros(3)));
        refused(
                "windows: a window of 4 with dilation 1 spans 4 elements, but axis 0 of [3] has 3; pad it",
                () -> Pooling.of(4).mean(zeros(3)));
        refused(
                "Pooling: kernel is [0]; use numbers from 1",
                () -> Pooling.adaptiveMean(zeros(3), 0));
    }

    private static Tensor zeros(int... sizes) {
        return Tensor.zeros(Shape.of(sizes));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
