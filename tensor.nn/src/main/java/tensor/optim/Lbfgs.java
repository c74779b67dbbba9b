package tensor.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.optim.StrongWolfe.Point;

/// L-BFGS: goes along an approximation of Newton's direction, made of the last gradients and steps.
///
/// ```text
/// direction = −H·gradient             H: the inverse Hessian as the last `historySize` steps tell it
/// p ← p + t·direction                 t = learningRate, or what a line search finds
/// ```
///
/// One step makes several such iterations and calls its closure for each, or for each point of a line search: the closure
/// is to give the same function every time, so batches are best the whole data set. A parameter without a gradient
/// counts as one with gradient 0. All parameters have one type and device.
///
/// The tensors of every call of the closure belong to the scope around the step: a closure that opens a scope of its own
/// needs less memory.
///
/// (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989. Iterations, tolerances and
/// line search are PyTorch's.)
public final class Lbfgs extends Optimizer {
    private final Config config;
    private LbfgsState state = LbfgsState.empty();

    private Lbfgs(List<Parameter> parameters, double learningRate, Config config) {
        super(List.of(ParameterGroup.of("LBFGS", parameters, learningRate, Transforms.identity())));
        this.config = config;
    }

    /// {@return L-BFGS with 20 iterations a step, a history of 100 and no line search}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of an iteration's step, from 0; usually 1
    public static Lbfgs of(List<Parameter> parameters, double learningRate) {
        return of(parameters, learningRate, config -> {});
    }

    /// {@return L-BFGS as `config` says}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of an iteration's step, from 0; with a line search, that tried first; usually 1
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a setting is out of its range
    public static Lbfgs of(
            List<Parameter> parameters, double learningRate, Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new Lbfgs(parameters, learningRate, chosen);
    }

    @Override
    public boolean reevaluates() {
        return true;
    }

    @Override
    public void step() {
        throw new IllegalStateException(
                "Lbfgs: a step calls for losses and gradients several times; use step(closure)");
    }

    /// Makes several iterations, until one of the limits or tolerances is reached.
    ///
    /// @param closure gives the loss and sets the gradients
    /// @return whether a step was made
    /// @throws IllegalStateException if the closure gives a loss at first and none later
    @Override
    public boolean step(Closure closure) {
        OptionalDouble first = closure.evaluate();
        if (first.isEmpty()) {
            return false;
        }
        if (parameters().stream().anyMatch(parameter -> parameter.ownValue().elementCount() > 0)) {
            replaceState(iterate(closure, first.getAsDouble()));
        }
        count();
        return true;
    }

    /// Takes the tensors that are new, and gives back those that are no longer needed.
    private void replaceState(LbfgsState after) {
        Set<Tensor> owned = state.tensors();
        state = after.map(tensor -> owned.contains(tensor) ? tensor : TensorScope.take(tensor));
        owned.removeAll(state.tensors());
        owned.forEach(TensorScope::give);
    }

    private LbfgsState iterate(Closure closure, double firstLoss) {
        LbfgsState now = state.withEvaluations(state.evaluations() + 1);
        Point here = new Point(0, firstLoss, gradient(), Double.NaN);
        int evaluations = 1;
        int iteration = 0;
        if (small(here.gradient())) {
            return now;
        }
        while (iteration < config.maxIterations) {
            iteration++;
            now = now.turned(here.gradient(), config.historySize);
            Tensor direction = now.last().orElseThrow().direction();
            double length =
                    now.iterations() == 1
                            ? Math.min(1, 1 / here.gradient().abs().sum().item()) * learningRate()
                            : learningRate();
            double slope = LbfgsState.dot(here.gradient(), direction);
            boolean uphill = slope > -config.toleranceChange;
            double loss = here.loss();
            if (!uphill) {
                Line line = new Line(closure, direction);
                if (config.strongWolfe) {
                    Point start = new Point(0, loss, here.gradient(), slope);
                    here =
                            new StrongWolfe(
                                            line::at,
                                            start,
                                            size(direction),
                                            config.toleranceChange,
                                            config.evaluations() - evaluations)
                                    .search(length);
                    length = here.length();
                    line.move(length);
                } else if (iteration < config.maxIterations) {
                    here = line.at(length);
                } else {
                    line.move(length);
                }
                evaluations += line.evaluations;
                now = now.withEvaluations(now.evaluations() + line.evaluations);
            }
            now = now.withLength(uphill ? 0 : length);
            if (uphill
                    || evaluations >= config.evaluations()
                    || small(here.gradient())
                    || size(direction) * length <= config.toleranceChange
                    || Math.abs(here.loss() - loss) < config.toleranceChange) {
                break;
            }
        }
        return now;
    }

    private boolean small(Tensor gradient) {
        return size(gradient) <= config.toleranceGradient;
    }

    private static double size(Tensor flat) {
        return flat.abs().max().item();
    }

    /// {@return the gradients of all parameters, one after the other}
    private Tensor gradient() {
        return flat(parameter -> parameter.grad().orElseGet(() -> zeros(parameter)));
    }

    private static Tensor zeros(Parameter parameter) {
        return parameter
                .value()
                .device()
                .with(() -> Tensor.zeros(parameter.shape(), parameter.ownValue().dtype()));
    }

    private Tensor flat(Function<Parameter, Tensor> part) {
        return Tensor.concat(
                0,
                parameters().stream()
                        .map(parameter -> part.apply(parameter).detach().flatten())
                        .toArray(Tensor[]::new));
    }

    /// The points that are reached from the present values in one direction.
    private final class Line {
        private final Closure closure;
        private final Tensor direction;
        private final List<Tensor> start =
                parameters().stream().map(parameter -> parameter.ownValue().detach()).toList();
        private int evaluations;

        Line(Closure closure, Tensor direction) {
            this.closure = closure;
            this.direction = direction;
        }

        /// Moves the parameters to the point at this length.
        void move(double length) {
            long from = 0;
            for (int i = 0; i < start.size(); i++) {
                Tensor value = start.get(i);
                long to = from + value.elementCount();
                Tensor way = direction.slice(0, from, to).reshape(value.shape());
                parameters().get(i).assign(value.add(way.mul(length)));
                from = to;
            }
        }

        Point at(double length) {
            move(length);
            evaluations++;
            double loss =
                    closure.evaluate()
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "Lbfgs: the closure gave a loss at first, but none later in this step; it must give one at every call"));
            Tensor gradient = gradient();
            return new Point(length, loss, gradient, LbfgsState.dot(gradient, direction));
        }
    }

    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> dict = new LinkedHashMap<>();
        GroupSettings.write(groups(), dict);
        state.write(dict);
        return dict;
    }

    @Override
    public void loadStateDict(Map<String, Tensor> dict) {
        SavedEntries saved = new SavedEntries(dict);
        List<Runnable> actions = GroupSettings.take(groups(), saved);
        LbfgsState loaded = LbfgsState.read(saved, flat(Parameter::value));
        actions.forEach(Runnable::run);
        replaceState(loaded);
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private int maxIterations = 20;
        private OptionalInt maxEvaluations = OptionalInt.empty();
        private double toleranceGradient = 1e-7;
        private double toleranceChange = 1e-9;
        private int historySize = 100;
        private boolean strongWolfe = false;

        private Config() {}

        /// Sets how many iterations a step makes at most, at least 1; 20 unless said otherwise.
        ///
        /// @param count the new setting
        /// @return this
        public Config maxIterations(int count) {
            maxIterations = (int) Settings.atLeast("Lbfgs", "maxIterations", 1, count);
            return this;
        }

        /// Sets after how many calls of the closure no further iteration begins, at least 1; 5/4 of the iterations unless
        /// said otherwise.
        ///
        /// @param count the new setting
        /// @return this
        public Config maxEvaluations(int count) {
            maxEvaluations =
                    OptionalInt.of((int) Settings.atLeast("Lbfgs", "maxEvaluations", 1, count));
            return this;
        }

        /// Sets what the largest absolute element of the gradient must exceed, from 0; 1e-7 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config toleranceGradient(double value) {
            toleranceGradient = Settings.notNegative("Lbfgs", "toleranceGradient", value);
            return this;
        }

        /// Sets what changes of loss and parameters must exceed, from 0; 1e-9 unless said otherwise.
        ///
        /// @param value the new setting
        /// @return this
        public Config toleranceChange(double value) {
            toleranceChange = Settings.notNegative("Lbfgs", "toleranceChange", value);
            return this;
        }

        /// Sets how many steps tell of the Hessian, at least 1; 100 unless said otherwise.
        ///
        /// @param steps the new setting
        /// @return this
        public Config historySize(int steps) {
            historySize = (int) Settings.atLeast("Lbfgs", "historySize", 1, steps);
            return this;
        }

        /// Looks along every direction for a point that meets the strong Wolfe conditions.
        ///
        /// @return this
        public Config strongWolfe() {
            strongWolfe = true;
            return this;
        }

        private int evaluations() {
            return maxEvaluations.orElse(maxIterations * 5 / 4);
        }
    }
}
