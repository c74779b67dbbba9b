package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Gradients;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.api.Vjp;
import tensor.layout.DType;
import tensor.layout.ShapeException;

@ExtendWith(OnReference.class)
class CustomDerivativeTest {
    private static Tensor twice(Tensor x, Vjp vjp) {
        return Tensor.custom("twice", List.of(x), in -> in.getFirst().mul(2), vjp);
    }

    private static String refusal(Class<? extends RuntimeException> type, Vjp vjp) {
        Tensor x = Tensor.of(1f, 2f, 3f).requireGradient();
        return String.valueOf(
                assertThrows(type, () -> Gradients.of(twice(x, vjp).sum(), List.of(x)))
                        .getMessage());
    }

    @Test
    void aDerivativeMustBeLikeItsInput() {
        assertEquals(
                "twice: the derivative for input 0 is [2], the input [3]; they have one shape",
                refusal(ShapeException.class, (_, _, _, _) -> Tensor.of(1f, 2f)));
        assertEquals(
                "twice: the derivative for input 0 is float64, the input float32; cast it",
                refusal(IllegalArgumentException.class, (_, _, _, g) -> g.cast(DType.FLOAT64)));
    }

    @Test
    @SuppressWarnings("NullAway") // what a user may do whose code is not checked
    void nothingIsNoTensor() {
        Tensor x = Tensor.of(1f).requireGradient();

        assertEquals(
                "twice: the derivative for input 0 is null; it is a tensor like the input, [3] float32",
                refusal(NullPointerException.class, (_, _, _, _) -> null));
        assertEquals(
                "thrice: the forward function gave null; it gives a tensor",
                assertThrows(
                                NullPointerException.class,
                                () ->
                                        Tensor.custom(
                                                "thrice", List.of(x), _ -> null, (_, _, _, g) -> g))
                        .getMessage());
    }

    @Test
    void whatADerivativeSeesLivesAsLongAsTheScopeAroundIt() {
        List<Tensor> seen = new ArrayList<>();
        TensorScope.run(
                "step",
                () -> {
                    Tensor x = Tensor.of(1f, 2f).requireGradient();
                    Tensor y =
                            twice(
                                    x.mul(3),
                                    (_, _, _, g) -> {
                                        Tensor made = g.mul(2);
                                        seen.addAll(List.of(g, made));
                                        return made;
                                    });

                    Tensor gradient = Gradients.of(y.mul(5).sum(), List.of(x)).getFirst();

                    assertArrayEquals(new float[] {30, 30}, gradient.toFloats());
                    assertArrayEquals(new float[] {5, 5}, seen.get(0).toFloats());
                    assertArrayEquals(new float[] {10, 10}, seen.get(1).toFloats());
                });

        assertEquals(
                "Tensor [2] float32 was released with scope 'step'; return it from the scope or keep(t)",
                assertThrows(IllegalStateException.class, seen.getFirst()::toFloats).getMessage());
    }
}
