package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import loops.api.LoopState.Data;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.io.HostTensor;
import tensor.layout.DType;

class TensorStateTest {
    @Test
    void aTensorOfEveryTypeComesBackFromItsState() {
        for (DType dtype : DType.values()) {
            Tensor tensor = Tensor.of(0.0, 1.0, 200.0).cast(dtype);

            Data state = TensorState.of(tensor);

            assertEquals(dtype.name(), state.type());
            assertEquals(List.of(3L), state.shape());
            assertEquals(HostTensor.of(tensor), HostTensor.of(TensorState.tensor(state)));
        }
    }
}
