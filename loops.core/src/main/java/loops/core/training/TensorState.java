package loops.core.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.LoopState;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import tensor.api.Tensor;
import tensor.io.HostTensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Tensors as states: their values copied to the host, and back.
public final class TensorState {
    /// Saves a tensor by its values. What is read back lies on the current device.
    public static final Codec<Tensor> CODEC =
            Codec.of("a tensor", TensorState::of, state -> tensor((Data) state));

    private TensorState() {}

    /// {@return the values of a tensor}
    ///
    /// @param tensor a tensor
    public static Data of(Tensor tensor) {
        return of(HostTensor.of(tensor));
    }

    /// {@return the values of a tensor that was read from a file}
    ///
    /// @param host the values
    public static Data of(HostTensor host) {
        var sizes = Arrays.stream(host.shape().sizes()).mapToObj(Long::valueOf).toList();
        return new Data(host.dtype().name(), sizes, host.bytes());
    }

    /// {@return the tensor with these values, on the current device}
    ///
    /// @param data the values
    /// @throws IllegalArgumentException if the element type is unknown, or the bytes do not fit the shape
    public static Tensor tensor(Data data) {
        return host(data).tensor();
    }

    /// {@return the values in the form that tensor files hold}
    ///
    /// @param data the values
    /// @throws IllegalArgumentException if the element type is unknown, or the bytes do not fit the shape
    public static HostTensor host(Data data) {
        int[] sizes = data.shape().stream().mapToInt(Math::toIntExact).toArray();
        return new HostTensor(DType.valueOf(data.type()), Shape.of(sizes), data.bytes());
    }

    /// {@return a map of tensors as fields}
    ///
    /// @param tensors tensors by name
    public static Fields fields(Map<String, Tensor> tensors) {
        var fields = new LinkedHashMap<String, LoopState>();
        tensors.forEach((name, tensor) -> fields.put(name, of(tensor)));
        return new Fields(fields);
    }

    /// {@return the map of tensors that [#fields] wrote, on the current device}
    ///
    /// @param fields what [#fields] wrote
    /// @throws IllegalArgumentException if a field is not a tensor
    public static SequencedMap<String, Tensor> tensors(Fields fields) {
        var tensors = new LinkedHashMap<String, Tensor>();
        fields.entries().forEach((name, value) -> tensors.put(name, CODEC.decode(value)));
        return tensors;
    }
}
