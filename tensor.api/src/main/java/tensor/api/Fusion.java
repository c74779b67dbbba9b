package tensor.api;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;

/// A composite that is computed in one pass over memory: what lies between its inputs and its results is never written to it.
///
/// ```java
/// private static final Fusion SILU = Fusion.of("silu", in -> in.getFirst().mul(in.getFirst().sigmoid()));
/// Tensor y = SILU.apply(x);
/// ```
///
/// The definition is ordinary tensor code, and stays what is meant: the results have its bits, and its derivatives of every
/// order, which are computed at once in turn. It is called to see what it does, with tensors that have no numbers: so it may
/// combine elements (arithmetic, functions, comparisons, `where`, casts), fold and repeat the last axis, and use constants,
/// but not look at values, depend on anything but its inputs, or move elements to other places.
///
/// **Shapes.** Inputs broadcast to one shape; the definition gets them in this shape, or with a last axis of size 1 where they
/// have it, and its results are of these shapes.
/// **Threads.** Any thread. Programs are kept for shapes and types that come again.
public final class Fusion {
    /// More shapes than a training run meets; then all begin anew.
    private static final int KEPT = 256;

    private final String name;
    private final Function<List<Tensor>, List<Tensor>> definition;
    private final Map<Signature, Program> programs = new ConcurrentHashMap<>();
    private final Map<Derived, Fusion> derivatives = new ConcurrentHashMap<>();

    private Fusion(String name, Function<List<Tensor>, List<Tensor>> definition) {
        this.name = name;
        this.definition = definition;
    }

    /// {@return the fusion of a composite with one result}
    ///
    /// @param name what it is called in messages
    /// @param definition a pure function of tensors
    public static Fusion of(String name, Function<List<Tensor>, Tensor> definition) {
        return new Fusion(name, definition.andThen(List::of));
    }

    /// {@return the fusion of a composite with several results}
    ///
    /// @param name what it is called in messages
    /// @param definition a pure function of tensors
    public static Fusion several(String name, Function<List<Tensor>, List<Tensor>> definition) {
        return new Fusion(name, definition);
    }

    /// {@return what it is called in messages}
    public String name() {
        return name;
    }

    /// {@return the first result}
    ///
    /// @param inputs of shapes that broadcast, on one device
    /// @throws tensor.layout.ShapeException if the shapes do not broadcast
    public Tensor apply(Tensor... inputs) {
        return all(inputs).getFirst();
    }

    /// {@return the results}
    ///
    /// @param inputs of shapes that broadcast, on one device
    /// @throws tensor.layout.ShapeException if the shapes do not broadcast
    /// @throws IllegalArgumentException if there is none
    public List<Tensor> all(Tensor... inputs) {
        Shape domain = domain(inputs);
        Tensor[] in = expanded(inputs, domain);
        if (inParts(domain, in[0])) { // its operations one after the other
            return definition.apply(List.of(in));
        }
        Program program = forwards(domain, in);
        return recorded(computed(program, domain, in), in);
    }

    /// {@return the results side by side along a new axis} Each is written to its place; they are of one shape and type.
    ///
    /// @param axis the place of the new axis; negative numbers count from the end
    /// @param inputs of shapes that broadcast, on one device
    /// @throws tensor.layout.ShapeException if the shapes do not broadcast, or the results are not of one shape
    public Tensor stacked(int axis, Tensor... inputs) {
        Shape domain = domain(inputs);
        Tensor[] in = expanded(inputs, domain);
        if (inParts(domain, in[0]) || (Recording.on() && isTracked(in))) {
            return Tensor.stack(axis, all(inputs).toArray(Tensor[]::new));
        }
        Program program = forwards(domain, in);
        Program.Output first = program.outputs().getFirst();
        DType dtype = dtype(program, first);
        for (Program.Output output : program.outputs()) {
            if (output.extent() != first.extent() || dtype(program, output) != dtype) {
                return Tensor.stack(axis, all(inputs).toArray(Tensor[]::new)); // says what is wrong
            }
        }
        Shape part = shape(domain, first);
        int count = program.outputs().size();
        Shape all = Views.raised("stacked", part, axis, count);
        int along = all.axis("stacked", axis);
        Operand stack = Dispatch.fresh(in[0].device(), dtype, all);
        List<Operand> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new Operand(stack.storage(), stack.layout().select(along, i)));
        }
        run(program, domain, in, parts);
        return Tensor.made(in[0].device(), stack, null);
    }

    private Shape domain(Tensor[] inputs) {
        if (inputs.length == 0) {
            throw new IllegalArgumentException(this + ": there is no input; give one or more");
        }
        Shape domain = inputs[0].shape();
        for (Tensor input : inputs) {
            if (!input.shape().equals(domain)) {
                domain = Shape.broadcast(name, domain, input.shape());
            }
        }
        return domain;
    }

    private static Tensor[] expanded(Tensor[] inputs, Shape domain) {
        Shape rows = Trace.rows(domain);
        Tensor[] in = new Tensor[inputs.length];
        for (int i = 0; i < in.length; i++) {
            boolean forRows = inputs[i].rank() > 0 && inputs[i].size(-1) == 1;
            in[i] = inputs[i].expand(forRows ? rows : domain);
        }
        return in;
    }

    private Program forwards(Shape domain, Tensor[] in) {
        var signature = Signature.of(domain, in);
        return program(signature, () -> traced(signature.domain(), in));
    }

    private static boolean inParts(Shape domain, Tensor x) {
        return AnomalyMode.on()
                || domain.elementCount() == 0
                || x.device().backend() instanceof Trace;
    }

    private static boolean isTracked(Tensor[] in) {
        boolean tracked = false;
        for (Tensor x : in) {
            tracked |= x.tracked();
        }
        return tracked;
    }

    private List<Tensor> recorded(List<Tensor> results, Tensor[] in) {
        if (!Recording.on() || !isTracked(in)) {
            return results;
        }
        List<Tensor> recorded = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            Tensor result = results.get(i);
            recorded.add(
                    result.dtype().isFloating()
                            ? Tensor.made(
                                    result.device(),
                                    result.data(),
                                    new Node(new Op.Fused(this, i), in))
                            : result);
        }
        return recorded;
    }

    /// {@return the cotangents of the wanted inputs, in their order}
    ///
    /// @param result which result `y` is
    /// @param in the inputs, as the node has them
    /// @param y the result
    /// @param g its cotangent
    /// @param wanted which inputs, at least one
    List<Tensor> cotangents(int result, Tensor[] in, Tensor y, Tensor g, BitSet wanted) {
        Shape domain = in[0].shape();
        for (Tensor x : in) {
            domain = Shape.broadcast(name, domain, x.shape());
        }
        if (Recording.on() || AnomalyMode.on()) {
            Tensor[] all = Arrays.copyOf(in, in.length + 1);
            all[in.length] = g;
            Fusion derivative =
                    derivatives.computeIfAbsent(
                            new Derived(result, wanted),
                            derived -> several(name + " derivative", gradient(derived)));
            return derivative.all(all);
        }
        Tensor[] all = Arrays.copyOf(in, in.length + 2);
        all[in.length] = g;
        all[in.length + 1] = y;
        var signature = Signature.of(domain, all).backwards(result, wanted);
        Program program =
                program(signature, () -> tracedBackward(result, signature.domain(), all, wanted));
        return computed(program, domain, all);
    }

    /// The derivative as a composite of the inputs and the cotangent.
    private Function<List<Tensor>, List<Tensor>> gradient(Derived derived) {
        return inputs -> {
            int count = inputs.size() - 1;
            boolean recording = Recording.on();
            return Recording.on(() -> {
                List<Tensor> in = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Tensor x = inputs.get(i);
                    in.add(derived.wanted().get(i) ? alone(x, recording) : x);
                }
                Tensor y = definition.apply(in).get(derived.result());
                List<Tensor> found =
                        Gradients.differentiable(
                                y, inputs.get(count), wanted(in, derived.wanted()));
                return recording ? found : found.stream().map(Tensor::detach).toList();
            });
        };
    }

    /// {@return `x`, as a tensor through which no other input leads to it}
    static Tensor alone(Tensor x, boolean recording) {
        return recording && x.tracked() ? Views.same(x) : x.detach().requireGradient();
    }

    private static List<Tensor> wanted(List<Tensor> in, BitSet wanted) {
        return wanted.stream().mapToObj(in::get).toList();
    }

    private Program traced(Shape domain, Tensor[] in) {
        return inTrace(domain, in, (_, inputs) -> definition.apply(inputs));
    }

    /// What the result is, it can be read, for it has been computed.
    private Program tracedBackward(int result, Shape domain, Tensor[] in, BitSet wanted) {
        int count = in.length - 2;
        return inTrace(
                domain,
                in,
                (trace, inputs) ->
                        Recording.on(() -> {
                            List<Tensor> leaves = new ArrayList<>();
                            for (int i = 0; i < count; i++) {
                                Tensor x = inputs.get(i);
                                leaves.add(wanted.get(i) ? x.requireGradient() : x);
                            }
                            Tensor y = definition.apply(leaves).get(result);
                            trace.replace(y, inputs.get(count + 1));
                            return Gradients.differentiable(
                                    y, inputs.get(count), wanted(leaves, wanted));
                        }));
    }

    private Program inTrace(Shape domain, Tensor[] in, Traced body) {
        return TensorScope.call(
                "fusion '" + name + "'",
                _ -> {
                    var trace = new Trace(name, domain);
                    List<Tensor> inputs = new ArrayList<>();
                    for (int i = 0; i < in.length; i++) {
                        inputs.add(trace.input(i, in[i]));
                    }
                    return trace.program(body.results(trace, inputs));
                });
    }

    private Program program(Signature signature, Supplier<Program> traced) {
        Program known = programs.get(signature);
        if (known != null) {
            return known;
        }
        if (programs.size() >= KEPT) {
            programs.clear();
        }
        Program made = traced.get();
        programs.put(signature, made);
        return made;
    }

    private List<Tensor> computed(Program program, Shape domain, Tensor[] in) {
        Device device = in[0].device();
        List<Operand> outputs = new ArrayList<>();
        List<Tensor> results = new ArrayList<>();
        for (Program.Output output : program.outputs()) {
            Operand out = Dispatch.fresh(device, dtype(program, output), shape(domain, output));
            outputs.add(out);
            results.add(Tensor.made(device, out, null));
        }
        run(program, domain, in, outputs);
        return results;
    }

    private static DType dtype(Program program, Program.Output output) {
        return program.steps().get(output.step()).dtype();
    }

    private static Shape shape(Shape domain, Program.Output output) {
        return output.extent() == Extent.ROW ? Trace.rows(domain) : domain;
    }

    private void run(Program program, Shape domain, Tensor[] in, List<Operand> outputs) {
        List<Operand> operands = new ArrayList<>(in.length);
        for (Tensor x : in) {
            x.checkAlive();
            Checks.sameDevice(name, in[0], x);
            operands.add(x.data());
        }
        try {
            in[0].device().backend().run(program, domain, operands, outputs);
        } finally {
            Reference.reachabilityFence(in); // the cleaner must not take memory that is read
        }
    }

    private record Derived(int result, BitSet wanted) {}

    private interface Traced {
        List<Tensor> results(Trace trace, List<Tensor> inputs);
    }

    @Override
    public String toString() {
        return "Fusion '" + name + "'";
    }
}
