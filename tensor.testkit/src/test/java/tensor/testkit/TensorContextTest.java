package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.AnomalyException;
import tensor.api.AnomalyMode;
import tensor.api.Device;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorContext;
import tensor.api.TensorScope;

/// A second thread works in the place of the first.
@ExtendWith(OnReference.class)
class TensorContextTest {
    private static void elsewhere(Runnable body) {
        var context = TensorContext.current();
        var thrown = new ArrayList<Throwable>();
        var thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            try {
                                context.run(body);
                            } catch (RuntimeException | Error e) {
                                thrown.add(e);
                            }
                        });
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        thrown.stream()
                .filter(RuntimeException.class::isInstance)
                .findFirst()
                .ifPresent(e -> {
                    throw (RuntimeException) e;
                });
        assertEquals(List.of(), thrown);
    }

    @Test
    void tensorsMadeThereBelongToTheScopeHere() {
        var made = new ArrayList<Tensor>();

        TensorScope.run(
                "outer",
                () -> {
                    elsewhere(() -> {
                        assertEquals("outer", TensorScope.current().orElseThrow().name());
                        made.add(Tensor.scalar(1f).add(1));
                        TensorScope.run("inner", () -> made.add(Tensor.scalar(1f).add(2)));
                    });
                    assertEquals(2.0, made.get(0).item());
                    var ended = assertThrows(IllegalStateException.class, () -> made.get(1).item());
                    assertTrue(ended.toString().contains("'inner'"), ended::toString);
                });

        var ended = assertThrows(IllegalStateException.class, () -> made.get(0).item());
        assertTrue(ended.toString().contains("'outer'"), ended::toString);
    }

    @Test
    void withoutAScopeHereThereIsNoneThere() {
        elsewhere(() -> assertTrue(TensorScope.current().isEmpty()));
    }

    @Test
    void theDeviceIsThatFromHere() {
        var here = Device.current();

        elsewhere(() -> assertEquals(here, Device.current()));
    }

    @Test
    void gradientsAreRecordedThereAsHere() {
        var parameter = Parameter.of(Tensor.scalar(1f));
        var tracked = new ArrayList<Boolean>();

        elsewhere(() -> tracked.add(parameter.value().mul(2).tracked()));
        Tensor.noGrad(() -> elsewhere(() -> tracked.add(parameter.value().mul(2).tracked())));

        assertEquals(List.of(true, false), tracked);
    }

    @Test
    void whatStandsInThePlaceOfAParameterStandsThereToo() {
        var parameter = Parameter.of(Tensor.scalar(1f));
        var seen = new ArrayList<Double>();

        Parameter.replaced(
                Map.of(parameter, Tensor.scalar(5f)),
                () -> {
                    elsewhere(() -> seen.add(parameter.value().item()));
                    return seen;
                });
        elsewhere(() -> seen.add(parameter.value().item()));

        assertEquals(List.of(5.0, 1.0), seen);
    }

    @Test
    void naNIsLookedForThereAsHere() {
        Runnable naN = () -> elsewhere(() -> Tensor.scalar(-1f).log());

        naN.run();
        assertThrows(AnomalyException.class, () -> AnomalyMode.in(naN));
    }
}
