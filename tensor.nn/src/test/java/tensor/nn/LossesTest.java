package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class LossesTest {
    private static final Tensor LOGITS =
            Tensor.of(new float[] {1, 3, 2, 0, 0, 5, 4, 1, 1}, Shape.of(3, 3));

    @Test
    void anIgnoredSampleMayHaveAnImpossibleTarget() {
        Tensor logits = Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 0, 0, 0}, Shape.of(2, 2));

        Tensor loss = Losses.crossEntropy(logits, Tensor.of(0L, 1L), config -> config.ignore(0));

        assertEquals(Math.log(2), loss.item(), 1e-6);
    }

    @Test
    void aClassThatDoesNotExistIsNamed() {
        Tensor weights = Tensor.of(1f, 2f, 3f);
        assertNoClass(
                "crossEntropy: target 3 of [3] is none of the 3 classes; use numbers from 0 to 2, or ignore(..) it",
                () -> Losses.crossEntropy(LOGITS, Tensor.of(0L, 3L, 0L)));
        assertNoClass(
                "negativeLogLikelihood: target -100 of [3] is none of the 3 classes; use numbers from 0 to 2, or ignore(..) it",
                () ->
                        Losses.negativeLogLikelihood(
                                LOGITS,
                                Tensor.of(0L, 1L, -100L),
                                config -> config.weights(weights)));
    }

    private static void assertNoClass(String message, Executable faulty) {
        assertEquals(message, assertThrows(IndexOutOfBoundsException.class, faulty).getMessage());
    }

    @Test
    void targetsOfAnotherTypeAreErrors() {
        for (DType dtype : new DType[] {DType.INT32, DType.UINT8, DType.BOOL, DType.FLOAT64}) {
            assertIllegal(
                    "crossEntropy: targets are %s, outputs float32; cast targets to int64 if they are classes, to float32 if they are probabilities"
                            .formatted(dtype),
                    () -> Losses.crossEntropy(LOGITS, Tensor.zeros(Shape.of(3), dtype)));
        }
        Tensor even = Tensor.full(LOGITS.shape(), 1.0 / 3, DType.FLOAT32);
        assertIllegal(
                "crossEntropy: ignore(2) is for classes, but targets are probabilities, float32; leave it out, or give int64 classes",
                () -> Losses.crossEntropy(LOGITS, even, config -> config.ignore(2)));
        assertEquals(
                Losses.crossEntropy(LOGITS, even).item(),
                Losses.crossEntropy(LOGITS, even, config -> config.ignore(-100)).item());
    }

    private static void assertIllegal(String message, Executable faulty) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }

    @Test
    void shapesThatDoNotFitAreErrors() {
        assertMessage(
                "crossEntropy: logits [3, 3] and targets [2] do not fit; targets need shape [3]",
                () -> Losses.crossEntropy(LOGITS, Tensor.of(0L, 1L)));
        assertMessage(
                "crossEntropy: logits [3, 3] and targets [2] do not fit; targets need shape [3, 3]",
                () -> Losses.crossEntropy(LOGITS, Tensor.of(0f, 1f)));
        assertMessage(
                "negativeLogLikelihood: logits [3, 3] and targets [2] do not fit; targets need shape [3]",
                () -> Losses.negativeLogLikelihood(LOGITS, Tensor.of(0L, 1L), config -> {}));
        assertMessage(
                "binaryCrossEntropy: outputs [3, 3] and targets [3] differ in shape; reshape one",
                () -> Losses.binaryCrossEntropy(LOGITS, Tensor.of(0f, 1f, 1f), config -> {}));
        assertMessage(
                "crossEntropy: logits are a scalar; they need an axis of classes",
                () -> Losses.crossEntropy(Tensor.scalar(1f), Tensor.scalar(0L)));
        assertMessage(
                "crossEntropy: weights have shape [2], there are 3 classes",
                () ->
                        Losses.crossEntropy(
                                LOGITS,
                                Tensor.of(0L, 1L, 1L),
                                config -> config.weights(Tensor.of(1f, 2f))));
        assertMessage(
                "mse: outputs [2, 1] and targets [2] differ in shape; reshape one",
                () -> Losses.mse(Tensor.of(new float[2], Shape.of(2, 1)), Tensor.of(1f, 2f)));
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        assertEquals(
                "crossEntropy: labelSmoothing is 1.5; use a number from 0 to 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Losses.crossEntropy(
                                                LOGITS,
                                                Tensor.of(0L, 1L, 1L),
                                                config -> config.labelSmoothing(1.5)))
                        .getMessage());
        assertEquals(
                "smoothL1: beta is -1.0; use a number from 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Losses.smoothL1(LOGITS, LOGITS, -1, Reduction.MEAN))
                        .getMessage());
        assertEquals(
                "huber: delta is 0.0; use a number above 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Losses.huber(LOGITS, LOGITS, 0, Reduction.MEAN))
                        .getMessage());
    }

    @Test
    void smoothL1WithoutABendIsL1() {
        Tensor targets = Tensor.zeros(LOGITS.shape());

        assertEquals(
                Losses.l1(LOGITS, targets, Reduction.SUM).item(),
                Losses.smoothL1(LOGITS, targets, 0, Reduction.SUM).item());
    }

    @Test
    void positiveWeightsMeanTheSameForProbabilitiesAndLogits() {
        Tensor targets = Tensor.of(1f, 0f, 0.5f);
        Tensor logits = Tensor.of(0.5f, -1f, 2f);
        Tensor weights = Tensor.of(2f, 3f, 4f);

        double ofLogits =
                Losses.binaryCrossEntropyWithLogits(
                                logits, targets, config -> config.positiveWeights(weights))
                        .item();
        double ofProbabilities =
                Losses.binaryCrossEntropy(
                                logits.sigmoid(),
                                targets,
                                config -> config.positiveWeights(weights))
                        .item();

        assertEquals(ofLogits, ofProbabilities, 1e-6);
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(ShapeException.class, faulty).getMessage());
    }
}
