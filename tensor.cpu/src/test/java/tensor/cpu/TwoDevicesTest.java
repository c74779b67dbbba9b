package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// What needs two devices: here the CPU and the reference.
class TwoDevicesTest {
    private static final Device REFERENCE = Device.of("reference");

    @Test
    void aTensorMovesToAnotherDeviceAndItsGradientBack() {
        Tensor x = Tensor.of(1.0, 2.0, 3.0, 4.0).requireGradient();

        Tensor there = x.slice(0, 0, 4, 2).to(REFERENCE);
        Tensor gradient = Gradients.of(there.square().sum(), List.of(x)).getFirst();

        assertSame(REFERENCE, there.device());
        assertArrayEquals(new double[] {1, 3}, there.toDoubles());
        assertSame(Device.cpu(), gradient.device());
        assertArrayEquals(new double[] {2, 0, 6, 0}, gradient.toDoubles());
    }

    @Test
    void aGradientOfAGradientCrossesDevicesToo() {
        Tensor x = Tensor.scalar(2.0).requireGradient();

        Tensor slope = Gradients.differentiable(x.to(REFERENCE).pow(3), List.of(x)).getFirst();
        Tensor curvature = Gradients.of(slope, List.of(x)).getFirst();

        assertEquals(12, curvature.item());
        assertSame(x, x.to(Device.cpu()));
    }

    @Test
    void devicesDoNotMix() {
        Tensor here = Tensor.of(1f);
        Tensor there = REFERENCE.with(() -> Tensor.of(1f));

        var error = assertThrows(IllegalArgumentException.class, () -> here.add(there));

        assertEquals(
                "add: devices 'cpu' and 'reference' do not mix; use to(device)",
                error.getMessage());
    }

    @Test
    void theSameKeyGivesTheSameUniformNumbersEverywhere() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Tensor here = Tensor.uniform(RandomKey.of(7), Shape.of(1031), dtype);
            Tensor there =
                    REFERENCE.with(() -> Tensor.uniform(RandomKey.of(7), Shape.of(1031), dtype));

            assertArrayEquals(there.toDoubles(), here.toDoubles());
        }
    }
}
