package tensor.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.api.Device;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A part of a model: learned parameters, state, and smaller parts.
///
/// Parts are declared where the fields are:
///
/// ```java
/// final class Perceptron extends Module implements Layer {
///     private final Linear hidden = child("hidden", Linear.of(64, 32));
///     private final Linear out = child("out", Linear.of(32, 10));
///
///     @Override public Tensor apply(Tensor x) { return out.apply(hidden.apply(x).relu()); }
/// }
/// Perceptron model = new Perceptron();
/// model.initialize(RandomKey.of(1));
/// ```
///
/// A parameter is declared without a value. [#initialize] gives each its first value from the key folded with its path
/// (`hidden.weight`), so the values do not depend on the order of construction, nor on what else the model has.
///
/// **Ownership.** The values of parameters and buffers belong to no scope. **Threads.** Used by one thread at a time.
public abstract class Module {
    private record Declared<T>(T part, Init init, Optional<DType> dtype) {}

    private final SequencedMap<String, Declared<Parameter>> parameters = new LinkedHashMap<>();
    private final SequencedMap<String, Declared<Buffer>> buffers = new LinkedHashMap<>();
    private final SequencedMap<String, RandomStream> randomStreams = new LinkedHashMap<>();
    private final SequencedMap<String, Module> children = new LinkedHashMap<>();
    private boolean training = true;
    private boolean hasParent = false;

    /// Makes a module without parts.
    protected Module() {}

    /// Declares a smaller part.
    ///
    /// @param <M> the kind of module
    /// @param name its place in paths, without a point
    /// @param module the part
    /// @return the part
    /// @throws IllegalArgumentException if the name is taken, empty or has a point
    /// @throws IllegalStateException if the module is part of a module already
    protected final <M extends Module> M child(String name, M module) {
        checkName(name);
        Module part = module;
        if (part.hasParent) {
            throw new IllegalStateException(
                    "Module: the child '%s' is part of a module already; modules form a tree"
                            .formatted(name));
        }
        part.hasParent = true;
        children.put(name, module);
        return module;
    }

    /// Declares a learned tensor, which has no value yet.
    ///
    /// @param name its place in paths, without a point
    /// @param shape its sizes
    /// @param init gives its first value
    /// @return the parameter
    /// @throws IllegalArgumentException if the name is taken, empty or has a point
    protected final Parameter parameter(String name, Shape shape, Init init) {
        checkName(name);
        Parameter parameter = Parameter.of(shape);
        parameters.put(name, new Declared<>(parameter, init, Optional.empty()));
        return parameter;
    }

    /// Declares a tensor that is saved but not learned, of the type of the parameters.
    ///
    /// @param name its place in paths, without a point
    /// @param shape its sizes
    /// @param init gives its first value
    /// @return the buffer
    /// @throws IllegalArgumentException if the name is taken, empty or has a point
    protected final Buffer buffer(String name, Shape shape, Init init) {
        return buffer(name, shape, init, Optional.empty());
    }

    /// Declares a tensor that is saved but not learned, of a fixed type.
    ///
    /// @param name its place in paths, without a point
    /// @param shape its sizes
    /// @param dtype its type, whatever that of the parameters is
    /// @param init gives its first value
    /// @return the buffer
    /// @throws IllegalArgumentException if the name is taken, empty or has a point
    protected final Buffer buffer(String name, Shape shape, DType dtype, Init init) {
        return buffer(name, shape, init, Optional.of(dtype));
    }

    private Buffer buffer(String name, Shape shape, Init init, Optional<DType> dtype) {
        checkName(name);
        Buffer buffer = new Buffer(shape);
        buffers.put(name, new Declared<>(buffer, init, dtype));
        return buffer;
    }

    /// Declares a source of randomness, such as that of dropout.
    ///
    /// @param name its place in paths, without a point
    /// @return the stream
    /// @throws IllegalArgumentException if the name is taken, empty or has a point
    protected final RandomStream random(String name) {
        checkName(name);
        RandomStream stream = new RandomStream();
        randomStreams.put(name, stream);
        return stream;
    }

    /// Gives every parameter, buffer and random stream its first value, as float32 on the current device.
    ///
    /// @param key the source of all randomness; a part gets the key folded with its path
    /// @return this module
    public Module initialize(RandomKey key) {
        return initialize(key, DType.FLOAT32);
    }

    /// Gives every parameter, buffer and random stream its first value on the current device.
    ///
    /// @param key the source of all randomness; a part gets the key folded with its path
    /// @param dtype the type of the parameters
    /// @return this module
    /// @throws IllegalArgumentException if `dtype` is not a floating-point type, or a parameter has a value of another
    public Module initialize(RandomKey key, DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException(
                    "Module.initialize: parameters of type "
                            + dtype
                            + " cannot learn; use float32 or float64");
        }
        visit(
                "",
                (prefix, module) -> {
                    module.parameters.forEach((name, it) ->
                            it.part()
                                    .assign(
                                            first(
                                                    it,
                                                    it.part().shape(),
                                                    key.fold(prefix + name),
                                                    dtype)));
                    module.buffers.forEach((name, it) ->
                            it.part()
                                    .assign(
                                            first(
                                                    it,
                                                    it.part().shape(),
                                                    key.fold(prefix + name),
                                                    dtype)));
                    module.randomStreams.forEach((name, it) -> it.seed(key.fold(prefix + name)));
                });
        return this;
    }

    /// Moves the values of all parameters and buffers to a device; a gradient that a parameter has is let go where its value
    /// moves. What has no value yet, and what is there, stays as it is.
    ///
    /// @param device where to
    /// @return this module
    public Module to(Device device) {
        visit(
                "",
                (_, module) -> {
                    module.parameters.values().forEach(it -> move(it.part(), device));
                    module.buffers.values().forEach(it -> move(it.part(), device));
                });
        return this;
    }

    private static void move(Parameter parameter, Device device) {
        if (parameter.initialized() && parameter.ownValue().device() != device) {
            parameter.zeroGrad();
            parameter.assign(parameter.ownValue().detach().to(device));
        }
    }

    private static void move(Buffer buffer, Device device) {
        if (buffer.initialized() && buffer.value().device() != device) {
            buffer.assign(buffer.value().to(device));
        }
    }

    private static Tensor first(Declared<?> declared, Shape shape, RandomKey key, DType usual) {
        return Tensor.noGrad(
                () -> declared.init().create(key, shape, declared.dtype().orElse(usual)));
    }

    /// {@return the learned tensors of this module and its parts by path: `hidden.weight`}
    public SequencedMap<String, Parameter> namedParameters() {
        SequencedMap<String, Parameter> named = new LinkedHashMap<>();
        visit(
                "",
                (prefix, module) ->
                        module.parameters.forEach(
                                (name, it) -> named.put(prefix + name, it.part())));
        return Collections.unmodifiableSequencedMap(named);
    }

    /// {@return the learned tensors of this module and its parts}
    public List<Parameter> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /// {@return what `body` gives while other tensors stand in the place of parameters' values} The module is a function
    /// of its parameters there, see [Parameter#replaced].
    ///
    /// ```java
    /// Tensor loss = model.with(adapted, () -> Losses.mse(model.apply(x), y));
    /// ```
    ///
    /// @param <T> what `body` gives
    /// @param values tensors by the paths of parameters; parameters that are not named keep their values
    /// @param body computes with this module
    /// @throws IllegalArgumentException if there is no such parameter, or a shape differs by more than axes in front
    public final <T extends @Nullable Object> T with(Map<String, Tensor> values, Supplier<T> body) {
        SequencedMap<String, Parameter> named = namedParameters();
        Map<Parameter, Tensor> replaced = new LinkedHashMap<>();
        values.forEach((path, value) -> {
            Parameter parameter = named.get(path);
            if (parameter == null) {
                throw new IllegalArgumentException(
                        "Module.with: there is no parameter '%s'; there are %s"
                                .formatted(path, named.keySet()));
            }
            replaced.put(parameter, value);
        });
        return Parameter.replaced(replaced, body);
    }

    /// Runs `body` while other tensors stand in the place of parameters' values, as [#with(Map, Supplier)] does.
    ///
    /// @param values tensors by the paths of parameters; parameters that are not named keep their values
    /// @param body computes with this module
    /// @throws IllegalArgumentException if there is no such parameter, or a shape differs by more than axes in front
    public final void with(Map<String, Tensor> values, Runnable body) {
        with(
                values,
                () -> {
                    body.run();
                    return null;
                });
    }

    /// {@return the buffers of this module and its parts by path}
    public SequencedMap<String, Buffer> namedBuffers() {
        SequencedMap<String, Buffer> named = new LinkedHashMap<>();
        visit(
                "",
                (prefix, module) ->
                        module.buffers.forEach((name, it) -> named.put(prefix + name, it.part())));
        return Collections.unmodifiableSequencedMap(named);
    }

    /// {@return the parts declared in this module by name}
    public SequencedMap<String, Module> children() {
        return Collections.unmodifiableSequencedMap(children);
    }

    /// Turns this module and its parts to training; they start so.
    public void train() {
        visit("", (_, module) -> module.training = true);
    }

    /// Turns this module and its parts to evaluation.
    public void eval() {
        visit("", (_, module) -> module.training = false);
    }

    /// {@return whether this module is in training, as against evaluation}
    public boolean training() {
        return training;
    }

    /// {@return what `body` gives while this module and its parts are in evaluation} Afterwards the mode of each part, its
    /// buffers and its random streams are what they were before: a look in the middle of training leaves no trace.
    /// Parameters are not looked at.
    ///
    /// @param <T> what `body` gives
    /// @param body computes with this module
    public final <T> T evaluated(Supplier<T> body) {
        List<Runnable> before = new ArrayList<>();
        visit(
                "",
                (_, module) -> {
                    boolean mode = module.training;
                    before.add(() -> module.training = mode);
                    module.buffers.values().forEach(it -> before.add(it.part().mark()));
                    module.randomStreams.values().forEach(it -> before.add(it.mark()));
                });
        eval();
        try {
            return body.get();
        } finally {
            before.forEach(Runnable::run);
        }
    }

    /// {@return everything that makes up the state of this module and its parts, by path: parameters, buffers, and random
    /// streams as int64 [3]}
    ///
    /// The tensors are those in use, not tracked. An optimizer's step or [Buffer#assign] hands them to the scope in which
    /// it runs: copy what is to be kept beyond that.
    ///
    /// @throws IllegalStateException before the module is initialized
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        visit(
                "",
                (prefix, module) -> {
                    module.parameters.forEach(
                            (name, it) -> state.put(prefix + name, it.part().ownValue().detach()));
                    module.buffers.forEach(
                            (name, it) -> state.put(prefix + name, it.part().value()));
                    module.randomStreams.forEach(
                            (name, it) -> state.put(prefix + name, it.state()));
                });
        return state;
    }

    /// Takes over what [#stateDict] of an equal module gave, as copies. Nothing is changed if anything does not fit.
    ///
    /// A module that is not initialized takes any floating-point type, the same for all its parameters.
    ///
    /// @param state a tensor for every path, and no other
    /// @throws IllegalArgumentException if entries are missing or unknown, or one has another shape or type
    public void loadStateDict(Map<String, Tensor> state) {
        StateLoader loader = new StateLoader("loadStateDict", state);
        visit(
                "",
                (prefix, module) -> {
                    module.takeValues(prefix, loader);
                    module.randomStreams.forEach((name, it) -> loader.random(prefix + name, it));
                });
        loader.finish();
    }

    /// Takes over parameters and buffers that were made elsewhere, as by PyTorch, as copies; random streams stay as they are.
    /// Nothing is changed if anything does not fit.
    ///
    /// ```java
    /// model.initialize(RandomKey.of(1)).loadWeights(TensorFile.read(file).tensors());
    /// ```
    ///
    /// Passed over are `num_batches_tracked` of a [BatchNorm], which PyTorch counts and we do not, and the random streams of a
    /// module of our own. A module that is not initialized takes any floating-point type, the same for all its parameters; one
    /// that draws random numbers, as dropout does in training, has to be initialized before.
    ///
    /// @param weights a tensor for the path of every parameter and buffer, and no other
    /// @throws IllegalArgumentException if entries are missing or unknown, or one has another shape or type
    public void loadWeights(Map<String, Tensor> weights) {
        StateLoader loader = new StateLoader("loadWeights", weights);
        visit(
                "",
                (prefix, module) -> {
                    module.takeValues(prefix, loader);
                    module.randomStreams.keySet().forEach(name -> loader.ignore(prefix + name));
                    module.foreignWeights().forEach(name -> loader.ignore(prefix + name));
                });
        loader.finish();
    }

    private void takeValues(String prefix, StateLoader loader) {
        parameters.forEach((name, it) -> loader.parameter(prefix + name, it.part()));
        buffers.forEach((name, it) -> loader.buffer(prefix + name, it.part(), it.dtype()));
    }

    /// {@return names under which others save what this module does not have, and does not need}
    List<String> foreignWeights() {
        return List.of();
    }

    /// {@return what this module is made of, as a table: its parts with their kinds, its parameters and buffers with their
    /// shapes and numbers of elements}
    ///
    /// ```text
    /// part      kind        shape    elements
    /// hidden    Linear                  2,080
    ///   weight  parameter   [32, 64]    2,048
    ///   bias    parameter   [32]           32
    /// norm      BatchNorm                 128
    ///   ...
    /// 2,208 parameters, all learned; 64 elements in buffers
    /// ```
    public final String summary() {
        return Summary.of(this);
    }

    SequencedMap<String, Parameter> ownParameters() {
        SequencedMap<String, Parameter> own = new LinkedHashMap<>();
        parameters.forEach((name, it) -> own.put(name, it.part()));
        return own;
    }

    SequencedMap<String, Buffer> ownBuffers() {
        SequencedMap<String, Buffer> own = new LinkedHashMap<>();
        buffers.forEach((name, it) -> own.put(name, it.part()));
        return own;
    }

    private void visit(String prefix, BiConsumer<String, Module> visitor) {
        visitor.accept(prefix, this);
        children.forEach((name, child) -> child.visit(prefix + name + ".", visitor));
    }

    private void checkName(String name) {
        if (name.isEmpty() || name.contains(".")) {
            throw new IllegalArgumentException(
                    "Module: a part is named '%s'; a name has at least one character and no point"
                            .formatted(name));
        }
        if (parameters.containsKey(name)
                || buffers.containsKey(name)
                || randomStreams.containsKey(name)
                || children.containsKey(name)) {
            throw new IllegalArgumentException(
                    "Module: there is a part named '%s' already".formatted(name));
        }
    }
}
