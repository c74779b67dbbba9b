package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.AnomalyMode;
import tensor.api.Composite;
import tensor.api.Gradients;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.ShapeException;

@ExtendWith(OnReference.class)
class CompositeTest {
    /// Cubes that write down how they are computed.
    private static final class Seen extends Cubes {
        private final List<String> calls = new ArrayList<>();
        private final List<Tensor> remembered = new ArrayList<>();

        @Override
        public Tensor definition(List<Tensor> in) {
            calls.add("definition");
            return super.definition(in);
        }

        @Override
        public Forward forward(List<Tensor> in) {
            calls.add("forward");
            Forward forward = super.forward(in);
            remembered.addAll(forward.residuals());
            return forward;
        }

        @Override
        public List<Tensor> cotangents(List<Tensor> in, Forward forward, Tensor g) {
            calls.add("cotangents");
            return super.cotangents(in, forward, g);
        }
    }

    private static float[] gradient(Tensor y, Tensor x) {
        return Gradients.of(y.sum(), List.of(x)).getFirst().toFloats();
    }

    @Test
    void isComputedAsAWhole() {
        var cubes = new Seen();
        Tensor x = Tensor.of(1f, 2f).requireGradient();

        Tensor y = Tensor.composite(cubes, x);

        assertArrayEquals(new float[] {1, 8}, y.toFloats());
        assertArrayEquals(new float[] {3, 12}, gradient(y, x));
        assertEquals(List.of("forward", "cotangents"), cubes.calls);
    }

    @Test
    void gradientsOfGradientsGoThroughTheDefinition() {
        var cubes = new Seen();
        Tensor x = Tensor.of(1f, 2f).requireGradient();
        Tensor slope =
                Gradients.differentiable(Tensor.composite(cubes, x).sum(), List.of(x)).getFirst();

        assertArrayEquals(new float[] {6, 12}, gradient(slope, x));
        assertEquals(List.of("forward", "definition"), cubes.calls);
    }

    @Test
    void whatIsForgottenIsComputedAnew() {
        var cubes = new Seen();
        Tensor x = Tensor.of(1f, 2f).requireGradient();

        Tensor y = TensorScope.get("inner", () -> Tensor.composite(cubes, x));

        assertArrayEquals(new float[] {3, 12}, gradient(y, x));
        assertEquals(List.of("forward", "definition"), cubes.calls);
    }

    @Test
    void nothingIsRememberedWhereNothingIsRecorded() {
        var cubes = new Seen();
        Tensor y = Tensor.composite(cubes, Tensor.of(1f, 2f));

        assertArrayEquals(new float[] {1, 8}, y.toFloats());
        assertThrows(IllegalStateException.class, cubes.remembered.getFirst()::toFloats);
    }

    @Test
    void anomaliesAreLookedForInTheDefinition() {
        var cubes = new Seen();
        Tensor x = Tensor.of(1f, 2f).requireGradient();
        float[] found = AnomalyMode.in(() -> gradient(Tensor.composite(cubes, x), x));

        assertArrayEquals(new float[] {3, 12}, found);
        assertEquals(List.of("definition"), cubes.calls);
    }

    @Test
    void cotangentsMustBeLikeTheInputs() {
        assertEquals(
                "cubes: 2 cotangents for 1 inputs; give one for each",
                refusal(IllegalStateException.class, g -> List.of(g, g)));
        assertEquals(
                "cubes: the derivative for input 0 is [1], the input [2]; they have one shape",
                refusal(ShapeException.class, g -> List.of(g.slice(0, 0, 1))));
    }

    private interface Shares {
        List<Tensor> of(Tensor g);
    }

    private static String refusal(Class<? extends RuntimeException> type, Shares shares) {
        Composite wrong =
                new Cubes() {
                    @Override
                    public List<Tensor> cotangents(List<Tensor> in, Forward forward, Tensor g) {
                        return shares.of(g);
                    }
                };
        Tensor x = Tensor.of(1f, 2f).requireGradient();
        Supplier<float[]> asked = () -> gradient(Tensor.composite(wrong, x), x);
        return String.valueOf(assertThrows(type, asked::get).getMessage());
    }
}
