package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import loops.core.Slope;
import loops.core.Trainer;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.layout.DType;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.nn.Module;
import tensor.nn.Sequential;

class ModelSummaryTest {
    private static final class Net extends Module {
        Net(DType type) {
            child("body", Sequential.of(Linear.of(64, 64), Activation.RELU, Linear.of(64, 10)));
            child("head", Linear.of(10, 2))
                    .parameters()
                    .forEach(parameter -> parameter.requiresGrad(false));
            initialize(RandomKey.of(1), type);
        }
    }

    private static final class Empty extends Module {}

    @Test
    void itShowsThePartsOfAModel() {
        assertEquals(
                """
                   part  kind        parameters
                0  body  Sequential       4,810
                1  head  Linear              22
                4,810 learned + 22 frozen = 4,832 parameters, 0.019 MB
                """,
                ModelSummary.table(new Net(DType.FLOAT32), 1));
    }

    @Test
    void itShowsThePartsOfParts() {
        var expected =
                """
                   part    kind        parameters
                0  body    Sequential       4,810
                1  body.0  Linear           4,160
                2  body.2  Linear             650
                3  head    Linear              22
                4,810 learned + 22 frozen = 4,832 parameters, 0.019 MB
                """;

        assertEquals(expected, ModelSummary.table(new Net(DType.FLOAT32), 2));
        assertEquals(expected, ModelSummary.table(new Net(DType.FLOAT32), -1));
    }

    @Test
    void anEmptyModelHasTotalsOnly() {
        assertEquals(
                "0 learned + 0 frozen = 0 parameters, 0.000 MB\n",
                ModelSummary.table(new Empty(), 1));
    }

    @Test
    void megabytesCountTheBytesOfTheValues() {
        var net = new Net(DType.FLOAT64);

        assertEquals(
                "4,810 learned + 22 frozen = 4,832 parameters, 0.039 MB",
                ModelSummary.table(net, 1).lines().reduce("", (before, line) -> line));
    }

    @Test
    void itIsShownWhenAFitBegins() {
        var shown = new StringWriter();
        var summary = ModelSummary.of(new PrintWriter(shown)).depth(2);

        Trainer.of(config -> config.maxEpochs(1).callbacks(summary))
                .fit(new Slope(), Slope.data(Slope.points(2, 1)));

        assertEquals(
                """
                   part  kind    parameters
                0  line  Linear           2
                2 learned + 0 frozen = 2 parameters, 0.000 MB
                """,
                shown.toString());
    }

    @Test
    void aDepthOfNothingIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ModelSummary.of(new PrintWriter(new StringWriter())).depth(0));

        assertEquals(
                "ModelSummary: depth is 0; use a number from 1, or -1 for all",
                refused.getMessage());
    }
}
