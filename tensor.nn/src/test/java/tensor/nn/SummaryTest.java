package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final class Net extends Module {
        private final Linear hidden = child("hidden", Linear.of(64, 32));
        private final BatchNorm norm = child("norm", BatchNorm.of(32));

        Net() {
            hidden.bias().orElseThrow().requiresGrad(false);
            norm.eval();
        }
    }

    @Test
    void partsParametersAndBuffersStandWithTheirShapesAndCounts() {
        assertEquals(
                """
                part            kind       shape     elements
                hidden          Linear                  2,080
                  weight        parameter  [32, 64]     2,048
                  bias          frozen     [32]            32
                norm            BatchNorm                  64
                  weight        parameter  [32]            32
                  bias          parameter  [32]            32
                  running_mean  buffer     [32]            32
                  running_var   buffer     [32]            32
                2,144 parameters, 32 of them frozen; 64 elements in buffers
                """,
                new Net().summary());
        assertEquals(
                """
                part    kind       shape   elements
                weight  parameter  [2, 3]         6
                6 parameters, all learned
                """,
                Linear.of(3, 2, config -> config.noBias()).summary());
    }
}
