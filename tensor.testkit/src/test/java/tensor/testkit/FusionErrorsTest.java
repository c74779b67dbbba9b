package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.AnomalyException;
import tensor.api.AnomalyMode;
import tensor.api.Axes;
import tensor.api.Fusion;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// What a fusion refuses, and what it remembers.
@ExtendWith(OnReference.class)
class FusionErrorsTest {
    private static final String REST =
            "; it can have what works on elements and along their last axis";

    private static void refused(String what, Function<Tensor, Tensor> definition) {
        Fusion fusion = Fusion.of("odd", in -> definition.apply(in.getFirst()));
        Tensor x = Tensor.zeros(Shape.of(2, 3));

        var error = assertThrows(IllegalStateException.class, () -> fusion.apply(x));

        assertEquals("Fusion 'odd': " + what + REST, error.getMessage());
    }

    @Test
    void whatMovesElementsOrLooksAtThemIsRefused() {
        refused("matMul", x -> x.matMul(x.t()));
        refused("reading numbers", x -> x.mul(x.toDoubles()[0]));
        refused("cumSum", x -> x.cumSum(1));
        refused("a position", x -> x.argMax(1).cast(DType.FLOAT32));
        refused("sort", x -> x.sort(1).values());
        refused("numbers of the host", x -> x.add(x.device().with(() -> Tensor.of(1f, 2f, 3f))));
        refused(
                "random numbers",
                x -> x.device().with(() -> Tensor.uniform(key(), x.shape(), x.dtype())));
        refused("a fold of more than the last axis of [2, 3]", x -> x.mean(Axes.of(0).keep()));
        refused("a result of shape [2] from [2, 3]", x -> x.sum(1));
        refused("a result of shape [3, 2] from [2, 3]", Tensor::t);
        refused("writing a part of a tensor", x -> Tensor.concat(1, x, x));
        refused("a view [2, 3] strides [3, -1] offset 2 of [2, 3]", x -> x.flip(1).neg());
    }

    private static RandomKey key() {
        return RandomKey.of(1);
    }

    @Test
    void inputsBroadcastAndAreOfOneDevice() {
        Fusion sum = Fusion.of("sum of two", in -> in.get(0).add(in.get(1)));
        Tensor x = Tensor.zeros(Shape.of(2, 3));
        Tensor y = Tensor.zeros(Shape.of(2));

        var shape = assertThrows(ShapeException.class, () -> sum.apply(x, y));
        var type =
                assertThrows(
                        IllegalArgumentException.class, () -> sum.apply(x, x.cast(DType.FLOAT64)));

        assertEquals(
                "sum of two: [2, 3] and [2] do not broadcast: axis -1 is 3 and 2",
                shape.getMessage());
        assertEquals("add: float32 and float64 do not mix; cast one of them", type.getMessage());
    }

    @Test
    void thereIsAnInput() {
        Fusion fusion = Fusion.of("half", in -> in.get(0).mul(0.5));

        var error = assertThrows(IllegalArgumentException.class, fusion::apply);

        assertEquals("Fusion 'half': there is no input; give one or more", error.getMessage());
    }

    @Test
    void aReleasedInputIsAnError() {
        Fusion same = Fusion.of("half", in -> in.get(0).mul(0.5));
        Tensor[] kept = new Tensor[1];
        TensorScope.run("short", () -> kept[0] = Tensor.zeros(Shape.of(2)));

        var error = assertThrows(IllegalStateException.class, () -> same.apply(kept[0]));

        assertEquals(
                "Tensor [2] float32 was released with scope 'short'; return it from the scope or keep(t)",
                error.getMessage());
    }

    @Test
    void aDefinitionIsReadOnceForEachShape() {
        AtomicInteger reads = new AtomicInteger();
        Fusion twice =
                Fusion.of(
                        "twice",
                        in -> {
                            reads.incrementAndGet();
                            return in.get(0).mul(2);
                        });

        twice.apply(Tensor.of(1f, 2f));
        twice.apply(Tensor.of(3f, 4f));
        assertEquals(1, reads.get());

        twice.apply(Tensor.of(3f, 4f, 5f));
        assertEquals(2, reads.get());
    }

    @Test
    void anInputThatStandsTwiceGetsBothShares() {
        Fusion product = Fusion.of("product", in -> in.get(0).mul(in.get(1)));
        Tensor x = Tensor.of(3f, -2f).requireGradient();

        List<Tensor> g = Gradients.of(product.apply(x, x).sum(), List.of(x));

        assertEquals(
                List.of(6.0, -4.0),
                List.of(g.getFirst().toDoubles()[0], g.getFirst().toDoubles()[1]));
    }

    @Test
    void aResultThatDoesNotDependOnAnInputGivesItZeros() {
        Fusion first = Fusion.several("both", in -> List.of(in.get(0).exp(), in.get(1).exp()));
        Tensor x = Tensor.of(3f, -2f).requireGradient();
        Tensor y = Tensor.of(1f, 1f).requireGradient();

        List<Tensor> g = Gradients.of(first.all(x, y).getFirst().sum(), List.of(y));

        assertEquals(0, g.getFirst().abs().max().item());
    }

    @Test
    void anomalyModeNamesTheOperationInside() {
        Fusion root = Fusion.of("root of a difference", in -> in.get(0).sub(1).sqrt());

        var error =
                assertThrows(
                        AnomalyException.class,
                        () -> AnomalyMode.in(() -> root.apply(Tensor.of(0f, 2f))));

        String message = String.valueOf(error.getMessage());
        assertEquals("sqrt", message.substring(0, 4));
    }
}
