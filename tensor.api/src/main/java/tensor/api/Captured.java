package tensor.api;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tensor.layout.DType;
import tensor.spi.Capture;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// A function of tensors of fixed shapes, whose operations are recorded once and then done as a whole. On a GPU many small
/// kernels wait for the host, and a call of this is one start; on the CPU a call makes next to no objects.
///
/// ```java
/// try (var step = Captured.carrying(1, in -> {
///     Tensor w = in.get(0).requireGradient();
///     Tensor loss = in.get(1).matMul(w).sub(in.get(2)).square().mean();
///     Tensor slope = Gradients.of(loss, List.of(w)).getFirst();
///     return List.of(w.sub(slope.mul(in.get(3))), loss);
/// }, w, x, y, rate)) {
///     Tensor loss = step.apply(nextX, nextY, nextRate).getFirst();
///     Tensor learned = step.carried().getFirst().copy();
/// }
/// ```
///
/// Each call gives the bits that the function itself would give. What changes from call to call has to be an input: values of
/// parameters ([Parameter#replaced] puts inputs in their place), a learning rate, the numbers of a dropout. To be sure, the
/// function is called twice when it is recorded, and refused where it asks for something else the second time: another
/// number of the host, another random key. A number that changes later and has not changed then stays as it was. The function
/// must not read elements on the host, nor use tensors that are neither its inputs nor made in it.
///
/// A position outside of its axis is an error; on a GPU behind the call, without its number. What is carried is lost by a call that fails,
/// since some of it may be overwritten. On a backend that records nothing the function is called each time.
///
/// **Ownership.** Inputs are copied. Results, and what is carried, lie in memory of this: the next call overwrites them, and a
/// tensor of an earlier call is out of date. **Threads.** One thread at a time.
public final class Captured implements AutoCloseable {
    private final Function<List<Tensor>, List<Tensor>> function;
    private final Device device;
    private final int carried;
    private final List<Operand> inputs = new ArrayList<>();
    private final Optional<Capture> capture;
    private List<Operand> results = List.of();
    private boolean closed;

    /// Whether a call failed half-way, so that what is carried may be of no step.
    private boolean lost;

    private Captured(int carried, Function<List<Tensor>, List<Tensor>> function, Tensor[] first) {
        this.carried = carried;
        this.function = function;
        this.device = first[0].device();
        for (Tensor x : first) {
            Checks.sameDevice("Captured", first[0], x);
            inputs.add(TensorScope.loose(() -> x.detach().copy()).data());
        }
        List<Storage> given = inputs.stream().map(Operand::storage).toList();
        capture =
                device.backend()
                        .capture(
                                given,
                                () -> {
                                    release(results); // of the first time
                                    compute();
                                });
        for (int i = 0; i < carried; i++) {
            device.backend().copy(first[i].data(), inputs.get(i)); // recording has changed them
        }
    }

    /// {@return a function, recorded}
    ///
    /// @param function of its inputs; called twice, or at each call
    /// @param inputs of the shapes, types and device of all later ones; at least one
    /// @throws IllegalStateException if it cannot be recorded
    public static Captured of(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        return carrying(0, function, inputs);
    }

    /// {@return a function, recorded, of whose results the first are its first inputs in the next call}
    ///
    /// @param count how many
    /// @param function of its inputs; called twice, or at each call
    /// @param inputs the first values of what is carried, then of the shapes, types and device of all later ones
    /// @throws IllegalStateException if it cannot be recorded
    public static Captured carrying(
            int count, Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        if (inputs.length == 0 || count < 0 || count > inputs.length) {
            throw new IllegalArgumentException(
                    "Captured: %d of %d inputs are carried; needs at least one input, and from 0 to all carried"
                            .formatted(count, inputs.length));
        }
        return new Captured(count, function, inputs);
    }

    /// {@return the results for these inputs, but for those that are carried} They are overwritten by the next call.
    ///
    /// @param next those inputs that are not carried, in their order
    /// @throws IllegalArgumentException if there are not so many, or a shape, type or device is not the first one's
    /// @throws IllegalStateException if this is closed, or what it carries is lost
    public List<Tensor> apply(Tensor... next) {
        requireOpen();
        take(carried, next);
        return again();
    }

    /// {@return the results, where the first input that is not carried is float64 and has these elements} As [#apply(Tensor...)]
    /// for a tensor of them, without making one.
    ///
    /// @param numbers the elements of that input
    /// @param next the inputs behind it, in their order
    /// @throws IllegalArgumentException as above, or if that input is not float64 or has another number of elements
    /// @throws IllegalStateException as above
    public List<Tensor> apply(double[] numbers, Tensor... next) {
        requireOpen();
        if (carried == inputs.size()) {
            throw new IllegalArgumentException(
                    "Captured.apply: all %d inputs are carried, it takes no numbers"
                            .formatted(carried));
        }
        Operand first = inputs.get(carried);
        if (first.dtype() != DType.FLOAT64 || first.shape().elementCount() != numbers.length) {
            throw new IllegalArgumentException(
                    "Captured.apply: input 0 is float64 [%d], was %s %s; capture another one for it"
                            .formatted(numbers.length, first.dtype(), first.shape()));
        }
        take(carried + 1, next);
        device.backend().upload(MemorySegment.ofArray(numbers), first.storage());
        return again();
    }

    private void take(int from, Tensor[] next) {
        if (next.length != inputs.size() - from) {
            throw new IllegalArgumentException(
                    "Captured.apply: there are %d inputs, it takes %d"
                            .formatted(next.length, inputs.size() - from));
        }
        for (int i = 0; i < next.length; i++) {
            check(i, inputs.get(from + i), next[i]);
        }
        try {
            for (int i = 0; i < next.length; i++) {
                device.backend().copy(next[i].data(), inputs.get(from + i));
            }
        } finally {
            Reference.reachabilityFence(next);
        }
    }

    private List<Tensor> again() {
        for (int i = 0; i < inputs.size(); i++) { // in every call: no iterator
            inputs.get(i).storage().overwrite();
        }
        for (int i = 0; i < results.size(); i++) {
            results.get(i).storage().overwrite();
        }
        lost = carried > 0;
        if (capture.isPresent()) {
            capture.get().replay();
        } else {
            compute();
        }
        lost = false;
        return tensors(results);
    }

    /// {@return what is carried, as it is now} The next call overwrites it.
    ///
    /// @throws IllegalStateException if this is closed, or a call failed
    public List<Tensor> carried() {
        requireOpen();
        return tensors(inputs.subList(0, carried));
    }

    private void check(int index, Operand own, Tensor x) {
        x.checkAlive();
        if (x.device() != device || x.dtype() != own.dtype() || !x.shape().equals(own.shape())) {
            throw new IllegalArgumentException(
                    "Captured.apply: input %d is %s %s on %s, was %s %s on %s; capture another one for it"
                            .formatted(
                                    index,
                                    x.shape(),
                                    x.dtype(),
                                    x.device(),
                                    own.shape(),
                                    own.dtype(),
                                    device));
        }
    }

    /// Calls the function on the inputs, lays the results down and carries the first of them.
    private void compute() {
        TensorScope.loose(() ->
                TensorScope.call(
                        "captured",
                        _ -> {
                            List<Tensor> all = function.apply(tensors(inputs));
                            requireCarried(all);
                            // all in memory of their own, before an input is overwritten
                            List<Operand> own =
                                    all.stream().map(TensorScope::take).map(Tensor::data).toList();
                            for (int i = 0; i < carried; i++) {
                                device.backend().copy(own.get(i), inputs.get(i));
                                own.get(i).storage().release("captured");
                            }
                            results = own.subList(carried, own.size());
                            return carried;
                        }));
    }

    private void requireCarried(List<Tensor> all) {
        for (int i = 0; i < carried; i++) {
            Operand input = inputs.get(i);
            if (i >= all.size()
                    || !all.get(i).shape().equals(input.shape())
                    || all.get(i).dtype() != input.dtype()) {
                throw new IllegalArgumentException(
                        "Captured: input %d is carried and is %s %s; result %d has to be the same, is %s"
                                .formatted(
                                        i,
                                        input.shape(),
                                        input.dtype(),
                                        i,
                                        i < all.size() ? all.get(i) : "not there"));
            }
        }
    }

    private List<Tensor> tensors(List<Operand> operands) {
        Tensor[] all = new Tensor[operands.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Tensor.made(device, operands.get(i), null);
        }
        return List.of(all);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Captured: it is closed; make another one");
        }
        if (lost) {
            throw new IllegalStateException(
                    "Captured: a call failed, and what it carries is lost; make another one");
        }
    }

    /// Gives the memory back. A second call changes nothing.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            capture.ifPresent(Capture::close);
            release(results);
            release(inputs);
        }
    }

    private static void release(List<Operand> operands) {
        operands.forEach(each -> each.storage().release("Captured.close"));
    }
}
