package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Captured;
import tensor.api.Device;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.testkit.CapturedConformance;

class CpuCapturedTest extends CapturedConformance {
    @Override
    protected Device device() {
        return Device.cpu();
    }

    @Override
    protected boolean records() {
        return true;
    }

    /// At once, and not only when the objects in front of it are collected.
    @Test
    void closingGivesBackWhatItCarried() {
        MemoryPool pool = ((CpuBackend) Device.cpu().backend()).pool();
        Tensor large = Tensor.zeros(Shape.of(1 << 20));
        long before = pool.usedBytes();

        try (var twice = Captured.carrying(1, in -> List.of(in.get(0).add(in.get(0))), large)) {
            twice.apply();
        }

        long more = pool.usedBytes() - before;
        assertTrue(more <= 0, more + " bytes are not given back");
    }
}
