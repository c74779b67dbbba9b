package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

@ExtendWith(OnReference.class)
class GradientsTest {
    @Test
    void gradientsComeInTheOrderAskedWithZerosWhereTheLossDoesNotDepend() {
        Tensor x = Tensor.of(1.0, 2.0).requireGradient();
        Tensor elsewhere = Tensor.zeros(Shape.of(3), DType.FLOAT64).requireGradient();
        Tensor y = Tensor.of(5.0, 7.0).requireGradient();

        List<Tensor> gradients = Gradients.of(x.mul(y).sum(), List.of(y, elsewhere, x, y));

        assertArrayEquals(new double[] {1, 2}, gradients.get(0).toDoubles());
        assertArrayEquals(new double[] {0, 0, 0}, gradients.get(1).toDoubles());
        assertArrayEquals(new double[] {5, 7}, gradients.get(2).toDoubles());
        assertArrayEquals(new double[] {1, 2}, gradients.get(3).toDoubles());
    }

    @Test
    void gradientsOfTheLossItselfAndOfWhatLiesBetween() {
        Tensor x = Tensor.scalar(3.0).requireGradient();
        Tensor between = x.square();
        Tensor loss = between.mul(5);

        List<Tensor> gradients = Gradients.of(loss, List.of(loss, between, x));

        assertEquals(1, gradients.get(0).item());
        assertEquals(5, gradients.get(1).item());
        assertEquals(30, gradients.get(2).item());
    }

    @Test
    void gradientsAreDetachedUnlessAskedToBeDifferentiable() {
        Tensor x = Tensor.scalar(3.0).requireGradient();

        Tensor detached = Gradients.of(x.pow(3), List.of(x)).getFirst();
        Tensor recorded = Gradients.differentiable(x.pow(3), List.of(x)).getFirst();

        assertFalse(detached.tracked());
        assertTrue(recorded.tracked());
    }

    @Test
    void gradientsOfGradientsGoToAnyOrder() {
        Tensor x = Tensor.scalar(0.5).requireGradient();
        Tensor derivative = x.sin();

        for (int order = 0; order < 8; order++) {
            derivative = Gradients.differentiable(derivative, List.of(x)).getFirst();
        }

        assertEquals(Math.sin(0.5), derivative.item(), 1e-15);
    }

    @Test
    void aCotangentWeighsTheElementsOfAnOutput() {
        Tensor x = Tensor.of(1.0, 2.0, 3.0).requireGradient();

        Tensor vjp = Gradients.of(x.square(), Tensor.of(1.0, 0.0, -1.0), List.of(x)).getFirst();

        assertArrayEquals(new double[] {2, 0, -6}, vjp.toDoubles());
    }

    @Test
    void theCotangentCanBeDifferentiatedToo() {
        Tensor x = Tensor.of(1.0, 2.0).requireGradient();
        Tensor weight = Tensor.of(1.0, 1.0).requireGradient();

        Tensor vjp = Gradients.differentiable(x.square(), weight, List.of(x)).getFirst();
        Tensor directional =
                Gradients.of(vjp.mul(Tensor.of(3.0, 5.0)).sum(), List.of(weight)).getFirst();

        assertArrayEquals(new double[] {6, 20}, directional.toDoubles());
    }

    @Test
    void aGradientGoesThroughAnInnerStep() {
        // w' = w − a · d/dw (w − x)²,  loss = (w' − y)²,  d loss / dw = 2 (w' − y) (1 − 2 a)
        Tensor w = Tensor.scalar(2.0).requireGradient();
        double rate = 0.1;
        Tensor slope = Gradients.differentiable(w.sub(5).square(), List.of(w)).getFirst();
        Tensor stepped = w.sub(slope.mul(rate));

        Tensor gradient = Gradients.of(stepped.sub(3).square(), List.of(w)).getFirst();

        double next = 2 - rate * 2 * (2 - 5);
        assertEquals(2 * (next - 3) * (1 - 2 * rate), gradient.item(), 1e-12);
    }

    @Test
    void aGraphMayBeDeeperThanTheStack() {
        Tensor x = Tensor.scalar(1.0).requireGradient();
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.add(x).neg();
        }

        // y' = −(y + 1) in each step: 1, −2, 1, −2, …
        assertEquals(1, Gradients.of(y, List.of(x)).getFirst().item());
    }

    @Test
    void nothingIsRecordedUnderNoGrad() {
        Tensor x = Tensor.scalar(3.0).requireGradient();

        Tensor inside = Tensor.noGrad(() -> x.square());
        List<Tensor> seen = new ArrayList<>();
        Tensor.noGrad(() -> seen.add(x.exp()));
        Tensor after = x.square();

        assertFalse(inside.tracked());
        assertFalse(seen.getFirst().tracked());
        assertTrue(after.tracked());
    }

    @Test
    void underEnableGradOperationsAreRecordedAgain() {
        Tensor x = Tensor.scalar(3.0).requireGradient();

        double slope =
                Tensor.noGrad(() ->
                        Tensor.enableGrad(
                                () -> Gradients.of(x.square(), List.of(x)).getFirst().item()));

        assertEquals(6, slope);
    }

    @Test
    void aDetachedTensorStopsTheGradient() {
        Tensor x = Tensor.scalar(3.0).requireGradient();

        Tensor gradient = Gradients.of(x.mul(x.detach()), List.of(x)).getFirst();

        assertEquals(3, gradient.item());
    }

    @Test
    void aCustomDerivativeReplacesThatOfItsForward() {
        Tensor x = Tensor.of(-0.4, 0.6).requireGradient();

        Tensor rounded =
                Tensor.custom(
                        List.of(x),
                        in -> in.getFirst().greater(0).cast(DType.FLOAT64),
                        (_, _, _, g) -> g);

        assertArrayEquals(new double[] {0, 1}, rounded.toDoubles());
        assertArrayEquals(
                new double[] {3, 3},
                Gradients.of(rounded.mul(3).sum(), List.of(x)).getFirst().toDoubles());
    }

    @Test
    void backwardAddsIntoEveryParameterReached() {
        Parameter w = Parameter.of(Tensor.of(1.0, 2.0));
        Parameter b = Parameter.of(Tensor.of(0.5, 0.5));
        Parameter unused = Parameter.of(Tensor.of(9.0));

        w.value().square().add(b.value()).sum().backward();
        w.value().sum().backward();

        assertArrayEquals(new double[] {3, 5}, w.grad().orElseThrow().toDoubles());
        assertArrayEquals(new double[] {1, 1}, b.grad().orElseThrow().toDoubles());
        assertTrue(unused.grad().isEmpty());
    }

    @Test
    void gradientsOfParametersAreAskedForByTheParameter() {
        Parameter w = Parameter.of(Tensor.of(1.0, 2.0));

        Tensor gradient = Gradients.of(w.value().square().sum(), List.of(w)).getFirst();

        assertArrayEquals(new double[] {2, 4}, gradient.toDoubles());
        assertTrue(w.grad().isEmpty());
    }

    @Test
    void onlyWhatLeadsToAWantedTensorIsComputed() {
        Tensor x = Tensor.scalar(2.0).requireGradient();
        Tensor other = Tensor.scalar(3.0).requireGradient();
        Tensor trap =
                Tensor.custom(
                        List.of(other),
                        in -> in.getFirst().copy(),
                        (_, _, _, _) -> {
                            throw new AssertionError("nobody asked for this");
                        });

        Tensor gradient = Gradients.of(x.mul(trap), List.of(x)).getFirst();

        assertEquals(3, gradient.item());
    }

    @Test
    void aLossIsAScalar() {
        Tensor x = Tensor.zeros(Shape.of(32)).requireGradient();

        var error = assertThrows(ShapeException.class, () -> Gradients.of(x, List.of(x)));

        assertEquals(
                "Gradients.of: loss has shape [32]; a gradient starts from a scalar: use sum() or mean()",
                error.getMessage());
        assertEquals(List.of(Shape.of(32)), error.shapes());
    }

    @Test
    void aCotangentHasTheShapeOfItsOutput() {
        Tensor x = Tensor.zeros(Shape.of(3)).requireGradient();

        var error =
                assertThrows(
                        ShapeException.class,
                        () -> Gradients.of(x, Tensor.zeros(Shape.of(2)), List.of(x)));

        assertEquals(
                "Gradients.of: the cotangent has shape [2], the output [3]", error.getMessage());
    }

    @Test
    void onlyFloatingPointHasGradients() {
        var loss =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Gradients.of(Tensor.scalar(1), List.of()));
        var leaf =
                assertThrows(
                        IllegalArgumentException.class, () -> Tensor.scalar(1).requireGradient());

        assertEquals(
                "Gradients.of: int64 is not floating point; cast it to float32 or float64",
                loss.getMessage());
        assertEquals(
                "requireGradient: int64 is not floating point; cast it to float32 or float64",
                leaf.getMessage());
    }

    @Test
    void backwardMayBeForSomeParametersAlone() {
        var mine = Parameter.of(Tensor.scalar(2f));
        var other = Parameter.of(Tensor.scalar(3f));
        var apart = Parameter.of(Tensor.scalar(4f));
        var loss = mine.value().mul(other.value());

        loss.backward(List.of(mine, apart));
        loss.backward(List.of(mine));

        assertEquals(6.0, mine.grad().orElseThrow().item());
        assertTrue(other.grad().isEmpty());
        assertTrue(apart.grad().isEmpty());
        var none = assertThrows(IllegalStateException.class, () -> loss.backward(List.of(apart)));
        assertEquals(
                "backward: none of the 1 parameters that are to get gradients leads to Tensor [] float32; give the loss that is theirs",
                none.getMessage());
    }

    @Test
    void backwardNeedsSomethingToReach() {
        Tensor x = Tensor.scalar(1f).requireGradient();

        var constant =
                assertThrows(IllegalStateException.class, () -> Tensor.scalar(1f).backward());
        var leafOnly = assertThrows(IllegalStateException.class, () -> x.square().backward());

        assertEquals(
                "backward: Tensor [] float32 is not tracked: no parameter that requires gradients leads to it, or it"
                        + " was computed under noGrad",
                constant.getMessage());
        assertEquals(
                "backward: no parameter leads to Tensor [] float32; for gradients of tensors use Gradients.of",
                leafOnly.getMessage());
    }

    @Test
    void theSweepWorksInsideAScope() {
        Parameter w = Parameter.of(Tensor.of(1.0, 2.0));

        TensorScope.run("step", () -> w.value().square().sum().backward());

        assertArrayEquals(new double[] {2, 4}, w.grad().orElseThrow().toDoubles());
    }

    @Test
    void aParameterCountsWithEveryValueThatItHadOnTheWay() {
        Parameter w = Parameter.of(Tensor.of(2f));
        Tensor first = w.value().mul(3);
        w.requiresGrad(false);
        Tensor target = w.value().mul(100);
        w.requiresGrad(true);
        Tensor second = w.value().mul(5);
        w.assign(Tensor.of(7f));
        Tensor third = w.value().square();
        Tensor loss = first.add(second).add(third).sub(target).sum();

        loss.backward();

        assertArrayEquals(new float[] {3 + 5 + 14}, w.grad().orElseThrow().toFloats());
        assertArrayEquals(
                new float[] {3 + 5 + 14}, Gradients.of(loss, List.of(w)).getFirst().toFloats());
    }

    @Test
    void aTensorThatIsNotTrackedIsRefused() {
        Tensor x = Tensor.of(1f, 2f);

        assertEquals(
                "Gradients.of: number 1, Tensor [2] float32, is not tracked, so nothing depends on it; compute with what its requireGradient() returns, and ask for that",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Gradients.of(x.sum(), List.of(x.requireGradient(), x)))
                        .getMessage());
    }

    @Test
    void slicesOfOneTensorAddUpWhereTheyOverlapToo() {
        Tensor x = Tensor.of(1.0, 2.0, 3.0, 4.0).requireGradient();
        Tensor loss =
                x.slice(0, 0, 3)
                        .square()
                        .sum()
                        .add(x.slice(0, 1, 4, 2).mul(10).sum())
                        .add(x.select(0, 1).pow(3))
                        .add(x.sum());

        Tensor released = Gradients.of(loss, List.of(x)).getFirst();
        Tensor recorded = Gradients.differentiable(loss, List.of(x)).getFirst();

        assertArrayEquals(new double[] {3, 27, 7, 11}, released.toDoubles());
        assertArrayEquals(recorded.toDoubles(), released.toDoubles());
    }

    @Test
    void aCotangentThatSeveralShareIsNotChangedBySlicesOfOne() {
        Tensor x = Tensor.of(1.0, 2.0).requireGradient();
        Tensor y = Tensor.of(1.0, 2.0).requireGradient();
        Tensor weights = Tensor.of(3.0, 5.0);
        // the sum is passed first, and hands the same memory to x and y; then comes the slice
        Tensor loss = x.slice(0, 0, 1).mul(7).sum().add(x.add(y).mul(weights).sum());

        List<Tensor> gradients = Gradients.of(loss, List.of(x, y));

        assertArrayEquals(new double[] {10, 5}, gradients.get(0).toDoubles());
        assertArrayEquals(new double[] {3, 5}, gradients.get(1).toDoubles());
        assertArrayEquals(new double[] {3, 5}, weights.toDoubles());
    }

    @Test
    void notANumberIsNotHiddenByAGradient() {
        Tensor x = Tensor.of(1.0, Double.NaN, 3.0).requireGradient();

        double[] ofMax = Gradients.of(x.max(), List.of(x)).getFirst().toDoubles();
        double[] ofMaximum =
                Gradients.of(x.maximum(Tensor.of(2.0, 2.0, 2.0)).sum(), List.of(x))
                        .getFirst()
                        .toDoubles();

        assertArrayEquals(new double[] {Double.NaN, Double.NaN, Double.NaN}, ofMax);
        assertArrayEquals(new double[] {0, 1, 1}, ofMaximum);
    }
}
