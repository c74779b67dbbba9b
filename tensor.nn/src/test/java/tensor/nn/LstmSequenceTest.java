package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.testkit.Gradcheck;

/// The sequence as a whole is what its definition is.
class LstmSequenceTest {
    private static final RandomKey KEY = RandomKey.of(8);
    private static final LstmSequence SEQUENCE = new LstmSequence();

    /// @param places of the sequence
    private static Tensor[] inputs(int places, DType dtype) {
        List<Shape> shapes =
                List.of(
                        Shape.of(4, places, 3, 5),
                        Shape.of(4, 5),
                        Shape.of(20, 5),
                        Shape.of(3, 5),
                        Shape.of(3, 5));
        return shapes.stream()
                .map(shape -> Tensor.normal(KEY.fold(shape.toString() + places), shape, dtype))
                .map(Tensor::requireGradient)
                .toArray(Tensor[]::new);
    }

    @Test
    void theResultHasTheBitsOfTheDefinition() {
        for (int places : new int[] {1, 2, 7}) {
            Tensor[] in = inputs(places, DType.FLOAT32);
            assertArrayEquals(
                    SEQUENCE.definition(List.of(in)).toFloats(),
                    Tensor.composite(SEQUENCE, in).toFloats());
        }
    }

    @Test
    void theDerivativesAreThoseOfTheDefinition() {
        for (int places : new int[] {1, 2, 7}) {
            Tensor[] in = inputs(places, DType.FLOAT64);
            List<Tensor> whole = gradients(it -> Tensor.composite(SEQUENCE, it), in);
            List<Tensor> defined = gradients(it -> SEQUENCE.definition(List.of(it)), in);
            for (int i = 0; i < in.length; i++) {
                assertEquals(in[i].shape(), whole.get(i).shape());
                assertArrayEquals(defined.get(i).toDoubles(), whole.get(i).toDoubles(), 1e-13);
            }
        }
    }

    /// Zero times infinity would be NaN.
    @Test
    void anInfiniteStateSpoilsNoOtherDerivatives() {
        Tensor[] in = inputs(3, DType.FLOAT64);
        double[] hidden = in[3].toDoubles();
        hidden[0] = Double.POSITIVE_INFINITY;
        in[3] = Tensor.of(hidden, in[3].shape()).requireGradient();

        List<Tensor> whole = gradients(it -> Tensor.composite(SEQUENCE, it), in);
        List<Tensor> defined = gradients(it -> SEQUENCE.definition(List.of(it)), in);

        for (int i = 0; i < in.length; i++) {
            double[] expected = defined.get(i).toDoubles();
            double[] actual = whole.get(i).toDoubles();
            for (int k = 0; k < expected.length; k++) {
                assertTrue(Double.isFinite(actual[k]) || !Double.isFinite(expected[k]));
            }
        }
    }

    private static List<Tensor> gradients(Function<Tensor[], Tensor> f, Tensor[] in) {
        Tensor y = f.apply(in);
        Tensor weights = Tensor.normal(KEY.fold("weights"), y.shape(), y.dtype());
        return Gradients.of(y.mul(weights).sum(), List.of(in));
    }

    @Test
    void gradientsOfGradientsAreThereToo() {
        Tensor[] in = inputs(3, DType.FLOAT64);
        Gradcheck.gradgradcheck(it -> Tensor.composite(SEQUENCE, it.toArray(Tensor[]::new)), in);
    }
}
