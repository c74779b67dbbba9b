package guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Captured;
import tensor.api.Device;
import tensor.api.Fusion;
import tensor.api.Gradients;
import tensor.api.Indexed;
import tensor.api.LinearAlgebra;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Losses;
import tensor.nn.Reduction;

/// Tensors, as `tensors.md` shows them.
class TensorsGuideTest {
    @Test
    void tensorsAreComputedAtOnce() {
        // @start region=values
        var x = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2));
        var y = x.matMul(x.t()).add(1).tanh();
        double first = y.select(0, 0).select(0, 0).item();
        // @end region=values

        assertEquals(Math.tanh(6), first, 1e-6);
    }

    @Test
    void bytesAreScaledAndPacked() {
        // @start region=types
        Tensor pixels = Tensor.of(new byte[] {0, 127, -1}, Shape.of(3)); // uint8: −1 is 255
        Tensor scaled = pixels.cast(DType.FLOAT32).div(255);
        Tensor packed = scaled.cast(DType.BFLOAT16); // two bytes an element
        Tensor again = packed.cast(DType.FLOAT32).mul(2); // computed with as float32
        // @end region=types

        assertArrayEquals(new double[] {0, 2 * 127 / 255.0, 2}, again.toDoubles(), 0x1p-8);
    }

    @Test
    void operationsStandWhereTheyBelong() {
        var x = Tensor.of(new float[] {1, 4, 3, 2}, Shape.of(2, 2));
        var y = Tensor.of(new float[] {0, 1, 1, 0}, Shape.of(2, 2));
        // @start region=operations
        Tensor scores = Tensor.einsum("ij,kj->ik", x, y);
        Indexed best = scores.topK(1, -1); // best.values(), best.indices()
        Tensor solution = LinearAlgebra.solve(x, y);
        Tensor loss = Losses.huber(solution, y, 1.0, Reduction.MEAN);
        // @end region=operations

        assertEquals(0, best.indices().toLongs()[0]);
        assertEquals(1, x.matMul(solution).toFloats()[1], 1e-6);
        assertEquals(1, loss.elementCount());
    }

    @Test
    void gradientsAreAddedOrReturned() {
        // @start region=gradients
        var w = Parameter.of(Tensor.scalar(3f));
        Tensor loss = w.value().square().sum();
        loss.backward(); // adds into w.grad()
        List<Tensor> g = Gradients.of(loss, List.of(w)); // or as values
        // @end region=gradients

        assertEquals(6, w.grad().orElseThrow().item());
        assertEquals(6, g.getFirst().item());
    }

    @Test
    void aCompositeIsComputedAtOnce() {
        var x = Tensor.of(0f, 2f);
        // @start region=fusion
        Fusion swish = Fusion.of("swish", in -> in.get(0).mul(in.get(0).mul(in.get(1)).sigmoid()));
        Tensor y = swish.apply(x, Tensor.scalar(1.5f));
        // @end region=fusion

        assertEquals(2 / (1 + Math.exp(-3)), y.toFloats()[1], 1e-6);
    }

    @Test
    void aCapturedFunctionCarriesWhatItLearns() {
        Tensor w = Tensor.scalar(1f);
        Tensor x = Tensor.of(1f, 2f);
        Tensor y = Tensor.of(3f, 6f);
        Tensor rate = Tensor.scalar(0.1f);
        // @start region=captured
        Captured step =
                Captured.carrying(
                        1, // the first result is the first input of the next call
                        in -> {
                            Tensor v = in.get(0).requireGradient();
                            Tensor loss = v.mul(in.get(1)).sub(in.get(2)).square().mean();
                            Tensor slope = Gradients.of(loss, List.of(v)).getFirst();
                            return List.of(v.sub(slope.mul(in.get(3))), loss);
                        },
                        w,
                        x,
                        y,
                        rate);
        Tensor loss = step.apply(x, y, rate).getFirst();
        Tensor learned = step.carried().getFirst();
        // @end region=captured

        assertEquals(10, loss.item(), 1e-5);
        assertEquals(2, learned.item(), 1e-6);
        step.close();
    }

    @Test
    void aScopeKeepsWhatItReturns() {
        var x = Tensor.of(1, 2, 3f);
        // @start region=scope
        Tensor mean =
                TensorScope.get(
                        "step",
                        () -> {
                            Tensor squares = x.square(); // released at the end of the scope
                            return squares.mean(); // survives
                        });
        // @end region=scope

        assertEquals(14 / 3.0, mean.item(), 1e-6);
    }

    @Test
    void aKeyGivesTheSameNumbers() {
        // @start region=random
        var key = RandomKey.of(42);
        var noise = Tensor.normal(key.fold("noise"), Shape.of(3));
        var same = Tensor.normal(RandomKey.of(42).fold("noise"), Shape.of(3));
        // @end region=random

        assertEquals(0, noise.sub(same).abs().max().item());
    }

    @Test
    void aDeviceIsAskedForByName() {
        // @start region=device
        Tensor zeros = Device.of("cpu").with(() -> Tensor.zeros(Shape.of(2, 3)));
        // @end region=device

        assertEquals("cpu", zeros.device().name());
        assertThrows(RuntimeException.class, () -> Device.of("gpu"));
    }
}
