package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

@ExtendWith(OnReference.class)
class ParameterTest {
    @Test
    void theValueIsTheSameLeafUntilItIsAssigned() {
        Parameter p = Parameter.of(Tensor.of(1f, 2f));
        Tensor before = p.value();

        assertSame(before, p.value());
        p.assign(Tensor.of(3f, 4f));

        assertNotSame(before, p.value());
        assertTrue(p.value().tracked());
        assertArrayEquals(new float[] {3, 4}, p.value().toFloats());
    }

    @Test
    void aDeclaredParameterHasNoValueUntilOneIsAssigned() {
        Parameter p = Parameter.of(Shape.of(2));

        var error = assertThrows(IllegalStateException.class, p::value);

        assertEquals(
                "Parameter [2] has no value yet; call initialize(key) on its module or assign one",
                error.getMessage());
        assertFalse(p.initialized());
        assertEquals("Parameter [2] without a value", p.toString());
        p.assign(Tensor.of(1f, 2f));
        assertTrue(p.initialized());
        assertEquals("Parameter [2] float32", p.toString());
    }

    @Test
    void otherTensorsStandInItsPlaceForAWhile() {
        Parameter a = Parameter.of(Tensor.of(1f));
        Parameter b = Parameter.of(Tensor.of(2f));
        Tensor x = Tensor.of(5f).requireGradient();

        Tensor y =
                Parameter.replaced(
                        Map.of(a, x.mul(3)),
                        () -> Parameter.replaced(Map.of(b, x), () -> a.value().mul(b.value())));

        assertArrayEquals(new float[] {75}, y.toFloats());
        assertArrayEquals(
                new float[] {30}, Gradients.of(y.sum(), List.of(x)).getFirst().toFloats());
        assertArrayEquals(new float[] {1}, a.value().toFloats());
        assertTrue(a.grad().isEmpty());
        assertEquals(
                "Parameter.replaced: the parameter is [1], the tensor [2]",
                assertThrows(
                                ShapeException.class,
                                () ->
                                        Parameter.replaced(
                                                Map.of(a, Tensor.of(1f, 2f)), () -> a.value()))
                        .getMessage());
    }

    @Test
    void whatStandsInItsPlaceMayHaveAxesInFront() {
        Parameter a = Parameter.of(Tensor.of(1f, 2f));
        Tensor perTask = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 1, 2));

        assertEquals(
                Shape.of(2, 1, 2), Parameter.replaced(Map.of(a, perTask), () -> a.value().shape()));
        assertEquals(
                "Parameter.replaced: the parameter is [2], the tensor [2, 1]",
                assertThrows(
                                ShapeException.class,
                                () ->
                                        Parameter.replaced(
                                                Map.of(a, perTask.select(2, 0)), () -> a.value()))
                        .getMessage());
    }

    @Test
    void aFrozenParameterIsNotTracked() {
        Parameter p = Parameter.of(Tensor.of(1f));

        p.requiresGrad(false);
        assertFalse(p.value().tracked());
        p.requiresGrad(true);
        assertTrue(p.value().tracked());
    }

    @Test
    void theShapeAndTheDtypeStay() {
        Parameter p = Parameter.of(Tensor.zeros(Shape.of(10, 64)));

        var shape =
                assertThrows(ShapeException.class, () -> p.assign(Tensor.zeros(Shape.of(64, 10))));
        var dtype =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> p.assign(Tensor.of(new double[640], Shape.of(10, 64))));
        var grad = assertThrows(ShapeException.class, () -> p.grad(Tensor.scalar(1f)));
        var share = assertThrows(ShapeException.class, () -> p.accumulate(Tensor.scalar(1f)));
        var integer =
                assertThrows(IllegalArgumentException.class, () -> Parameter.of(Tensor.of(1, 2)));

        assertEquals(
                "Parameter.assign: the parameter is [10, 64], the tensor [64, 10]",
                shape.getMessage());
        assertEquals(
                "Parameter.assign: the parameter is float32, the tensor float64; cast it",
                dtype.getMessage());
        assertEquals("Parameter.grad: the parameter is [10, 64], the tensor []", grad.getMessage());
        assertEquals(
                "Parameter.accumulate: the parameter is [10, 64], the tensor []",
                share.getMessage());
        assertEquals(
                "Parameter.assign: int64 is not floating point; cast it to float32 or float64",
                integer.getMessage());
    }

    @Test
    void gradientsAccumulateAreReplacedAndForgotten() {
        Parameter p = Parameter.of(Tensor.of(1f, 2f));

        p.accumulate(Tensor.of(1f, 1f));
        p.accumulate(Tensor.of(2f, 3f));
        assertArrayEquals(new float[] {3, 4}, p.grad().orElseThrow().toFloats());
        p.grad(Tensor.of(9f, 9f));
        assertArrayEquals(new float[] {9, 9}, p.grad().orElseThrow().toFloats());
        p.zeroGrad();

        assertTrue(p.grad().isEmpty());
    }

    @Test
    void valuesAndGradientsOutliveTheScopesTheyWereMadeIn() {
        Parameter p = Parameter.of(Tensor.of(1f, 2f));

        for (int step = 0; step < 3; step++) {
            TensorScope.run(
                    "step " + step,
                    () -> {
                        p.value().square().sum().backward();
                        p.assign(p.value().add(1));
                    });
        }

        assertArrayEquals(new float[] {4, 5}, p.value().toFloats());
        assertArrayEquals(new float[] {12, 18}, p.grad().orElseThrow().toFloats());
    }

    @Test
    void aReplacedValueIsReleasedWithTheScopeOfItsReplacement() {
        Parameter p = Parameter.of(Tensor.of(1f, 2f));
        Tensor old = p.value();

        TensorScope.run(
                "step 1",
                () -> {
                    p.assign(p.value().add(1));
                    assertArrayEquals(new float[] {1, 2}, old.toFloats());
                });

        var error = assertThrows(IllegalStateException.class, old::toFloats);
        assertEquals(
                "Tensor [2] float32 was released with scope 'step 1'; return it from the scope or keep(t)",
                error.getMessage());
    }

    @Test
    void twoParametersNeverShareMemory() {
        Parameter online = Parameter.of(Tensor.of(1f, 2f));
        Parameter target = Parameter.of(Tensor.of(0f, 0f));

        TensorScope.run("copy", () -> target.assign(online.value()));
        TensorScope.run(
                "twice",
                () -> {
                    Tensor both = Tensor.of(7f, 8f);
                    online.assign(both);
                    target.assign(both);
                });
        TensorScope.run("step", () -> online.assign(Tensor.of(5f, 6f)));

        assertArrayEquals(new float[] {7, 8}, target.value().toFloats());
        assertArrayEquals(new float[] {5, 6}, online.value().toFloats());
    }

    @Test
    void aViewIsCopiedSoThatItsStorageCanGo() {
        Parameter p = Parameter.of(Shape.of(2));

        TensorScope.run("init", () -> p.assign(Tensor.of(1f, 2f, 3f, 4f).slice(0, 0, 4, 2)));

        assertArrayEquals(new float[] {1, 3}, p.value().toFloats());
    }

    @Test
    void whatBelongsToItIsThereWhateverStandsInItsPlace() {
        Parameter a = Parameter.of(Tensor.of(1f));

        Parameter.replaced(
                Map.of(a, Tensor.of(5f)),
                () -> {
                    assertArrayEquals(new float[] {5}, a.value().toFloats());
                    assertArrayEquals(new float[] {1}, a.ownValue().toFloats());
                    return a;
                });
    }
}
