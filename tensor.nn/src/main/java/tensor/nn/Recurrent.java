package tensor.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Composite;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// A network that goes through a sequence with a state: layers one above the other, each working on the outputs of the one
/// below.
///
/// ```java
/// Lstm lstm = Lstm.of(64, 128);
/// Recurrent.Result first = lstm.run(x);
/// Recurrent.Result next = lstm.run(further, first.state());
/// ```
///
/// **Shapes.** Inputs `[batch, time, in]`, or `[time, batch, in]` by [Config#timeFirst]; outputs the same with `hidden` in
/// place of `in`; each tensor of a state `[layers, batch, hidden]`. With [Config#bidirectional] outputs have `2·hidden`, and a
/// state `2·layers`: for each layer forwards, then backwards. Parameters have the names of PyTorch: `weight_ih_l0`
/// `[gates·hidden, in]`, `weight_hh_l0` `[gates·hidden, hidden]`, `bias_ih_l0`, `bias_hh_l0`, and with `_reverse` behind
/// these names what goes backwards. First values are evenly
/// distributed between ±1/√hidden.
public abstract sealed class Recurrent extends Module implements Layer permits Rnn, Lstm, Gru {
    private static final Composite LSTM_SEQUENCE = new LstmSequence();

    private final Recurrence kind;
    private final int in;
    private final int hidden;
    private final boolean timeFirst;
    private final List<List<Level>> layers = new ArrayList<>();
    private final Layer dropout;

    /// How a layer goes through a sequence.
    private enum Direction {
        FORWARDS("") {
            @Override
            int place(int step, int count) {
                return step;
            }
        },

        BACKWARDS("_reverse") {
            @Override
            int place(int step, int count) {
                return count - 1 - step;
            }
        };

        private final String suffix;

        Direction(String suffix) {
            this.suffix = suffix;
        }

        abstract int place(int step, int count);
    }

    /// One layer's weights of one direction.
    private record Level(
            Direction direction,
            Parameter fromInput,
            Parameter fromHidden,
            @Nullable Parameter inputBias,
            @Nullable Parameter hiddenBias) {
        /// Where only the sum of both sides counts, this one has both biases: they are added up once, not at each place.
        Tensor ofInput(Tensor x, boolean withBoth) {
            Tensor product = x.matMul(fromInput.value().t());
            if (inputBias == null || hiddenBias == null) {
                return product;
            }
            Tensor bias = inputBias.value();
            return product.add(withBoth ? bias.add(hiddenBias.value()) : bias);
        }

        /// {@return the sum of the biases, `[gates, hidden]`}
        Tensor bias(int gates) {
            if (inputBias == null || hiddenBias == null) {
                Tensor weight = fromInput.value();
                int rows = weight.size(0);
                return weight.device()
                        .with(() -> Tensor.zeros(Shape.of(gates, rows / gates), weight.dtype()));
            }
            return inputBias.value().add(hiddenBias.value()).reshape(gates, -1);
        }

        Tensor ofHidden(Tensor x, Tensor weight, boolean withBias) {
            Tensor product = x.matMul(weight);
            return withBias && hiddenBias != null ? product.add(hiddenBias.value()) : product;
        }
    }

    /// What a run gives.
    ///
    /// @param outputs those of the last layer at all places; forwards, then backwards
    /// @param state what a further run goes on with: the hidden state, and for an LSTM the cells
    public record Result(Tensor outputs, List<Tensor> state) {
        /// Copies the list.
        public Result {
            state = List.copyOf(state);
        }
    }

    /// How a recurrent network is made, set in a chain of calls.
    public static final class Config {
        private int layers = 1;
        private boolean hasBias = true;
        private boolean timeFirst = false;
        private double dropout = 0;
        private List<Direction> directions = List.of(Direction.FORWARDS);

        private Config() {}

        /// Sets how many layers stand one above the other; 1 if not set.
        ///
        /// @param count a number from 1
        /// @return this
        /// @throws IllegalArgumentException if it is less
        public Config layers(int count) {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "Recurrent: layers is %d; use a number from 1".formatted(count));
            }
            layers = count;
            return this;
        }

        /// Leaves out the biases.
        ///
        /// @return this
        public Config noBias() {
            hasBias = false;
            return this;
        }

        /// Lets each layer go through the sequence backwards too; the next one gets the outputs of both.
        ///
        /// @return this
        public Config bidirectional() {
            directions = List.of(Direction.FORWARDS, Direction.BACKWARDS);
            return this;
        }

        /// Sets the probability that an output of a layer is dropped in training before the next layer gets it; 0 if not set.
        ///
        /// @param probability from 0 to 1
        /// @return this
        /// @throws IllegalArgumentException if it is out of its range
        public Config dropout(double probability) {
            dropout = Functional.checkDropout(probability);
            return this;
        }

        /// Takes inputs as `[time, batch, in]`, and gives outputs so.
        ///
        /// @return this
        public Config timeFirst() {
            timeFirst = true;
            return this;
        }
    }

    Recurrent(Recurrence kind, int in, int hidden, Consumer<Config> config) {
        if (in < 1 || hidden < 1) {
            throw new IllegalArgumentException(
                    "Recurrent: %d inputs and %d hidden; use numbers from 1".formatted(in, hidden));
        }
        var chosen = new Config();
        config.accept(chosen);
        this.kind = kind;
        this.in = in;
        this.hidden = hidden;
        timeFirst = chosen.timeFirst;
        for (int layer = 0; layer < chosen.layers; layer++) {
            List<Level> levels = new ArrayList<>();
            for (Direction direction : chosen.directions) {
                levels.add(level(layer, direction, chosen));
            }
            layers.add(List.copyOf(levels));
        }
        dropout =
                chosen.dropout == 0
                        ? Activation.IDENTITY
                        : child("dropout", Dropout.of(chosen.dropout));
    }

    private Level level(int layer, Direction direction, Config config) {
        int inputs = layer == 0 ? in : hidden * config.directions.size();
        String name = layer + direction.suffix;
        var usual = Init.fanIn(hidden);
        int rows = kind.gates() * hidden;
        var bias = Shape.of(rows);
        return new Level(
                direction,
                parameter("weight_ih_l" + name, Shape.of(rows, inputs), usual),
                parameter("weight_hh_l" + name, Shape.of(rows, hidden), usual),
                config.hasBias ? parameter("bias_ih_l" + name, bias, usual) : null,
                config.hasBias ? parameter("bias_hh_l" + name, bias, usual) : null);
    }

    /// {@return how many tensors a state has}
    public final int stateSize() {
        return kind.states();
    }

    /// {@return the outputs for a sequence, from a state of zeros}
    @Override
    public final Tensor apply(Tensor x) {
        return run(x).outputs();
    }

    /// {@return the outputs for a sequence and the state behind it, from a state of zeros}
    ///
    /// @param x the inputs
    /// @throws ShapeException if the number of inputs differs, or there is no place
    public final Result run(Tensor x) {
        checkInput(x);
        return run(x, zeros(x));
    }

    private List<Tensor> zeros(Tensor x) {
        var shape = stateShape(x);
        Tensor zeros = x.device().with(() -> Tensor.zeros(shape, x.dtype()));
        return Collections.nCopies(kind.states(), zeros);
    }

    /// {@return the outputs for a sequence and the state behind it}
    ///
    /// @param x the inputs
    /// @param state that before the first place
    /// @throws ShapeException if the number of inputs differs, there is no place, or the state has another shape
    public final Result run(Tensor x, List<Tensor> state) {
        checkInput(x);
        checkState(x, state);
        Tensor sequence = timeFirst ? x.transpose(0, 1) : x;
        var ends = new ArrayList<List<Tensor>>();
        for (List<Level> layer : layers) {
            Tensor input = ends.isEmpty() ? sequence : dropout.apply(sequence);
            var outputs = new ArrayList<Tensor>();
            for (Level level : layer) {
                int at = ends.size();
                var start = state.stream().map(each -> each.select(0, at)).toList();
                outputs.add(through(level, input, start, ends));
            }
            sequence =
                    outputs.size() == 1
                            ? outputs.getFirst()
                            : Tensor.concat(2, outputs.toArray(Tensor[]::new));
        }
        return new Result(timeFirst ? sequence.transpose(0, 1) : sequence, stacked(ends));
    }

    /// The inputs of all places are multiplied at once, the outputs place by place. Places come first, so that what is
    /// computed at one lies together.
    private Tensor through(
            Level level, Tensor sequence, List<Tensor> start, List<List<Tensor>> ends) {
        Tensor places = sequence.transpose(0, 1);
        return places.size(0) > 1 && kind == Recurrence.LSTM
                ? asWhole(level, places, start, ends)
                : placeByPlace(level, level.ofInput(places, kind.addsGates()), start, ends);
    }

    private Tensor asWhole(
            Level level, Tensor sequence, List<Tensor> start, List<List<Tensor>> ends) {
        boolean isReversed = level.direction() == Direction.BACKWARDS;
        long count = sequence.size(0);
        Tensor weight = level.fromInput().value().reshape(kind.gates(), hidden, -1);
        Tensor inputs = isReversed ? sequence.flip(0) : sequence;
        Tensor places =
                Tensor.composite(
                        LSTM_SEQUENCE,
                        Tensor.einsum("tbi,ghi->gtbh", inputs, weight),
                        level.bias(kind.gates()),
                        level.fromHidden().value(),
                        start.get(0),
                        start.get(1));
        Tensor outputs = places.slice(0, 1, count + 1);
        ends.add(List.of(outputs.select(0, -1), places.select(0, -1)));
        return (isReversed ? outputs.flip(0) : outputs).transpose(0, 1);
    }

    /// The recurrent weight is laid out as the products of all places read it.
    private Tensor placeByPlace(
            Level level, Tensor inputs, List<Tensor> start, List<List<Tensor>> ends) {
        var outputs = new Tensor[inputs.size(0)];
        Tensor transposed = level.fromHidden().value().t();
        Tensor weight = outputs.length > 1 ? transposed.contiguous() : transposed;
        var state = start;
        for (int step = 0; step < outputs.length; step++) {
            int t = level.direction().place(step, outputs.length);
            Tensor fromHidden = level.ofHidden(state.getFirst(), weight, !kind.addsGates());
            state = kind.next(inputs.select(0, t), fromHidden, state);
            outputs[t] = state.getFirst();
        }
        ends.add(state);
        return Tensor.stack(0, outputs).transpose(0, 1);
    }

    private List<Tensor> stacked(List<List<Tensor>> ends) {
        var stacked = new ArrayList<Tensor>();
        for (int i = 0; i < kind.states(); i++) {
            int at = i;
            stacked.add(
                    Tensor.stack(0, ends.stream().map(end -> end.get(at)).toArray(Tensor[]::new)));
        }
        return stacked;
    }

    private Shape stateShape(Tensor x) {
        return Shape.of(
                layers.size() * layers.getFirst().size(), x.size(timeFirst ? 1 : 0), hidden);
    }

    private void checkInput(Tensor x) {
        if (x.rank() != 3 || x.size(2) != in || x.size(timeFirst ? 0 : 1) == 0) {
            throw new ShapeException(
                    "%s: the input is %s; it needs %s with %d inputs and at least one place"
                            .formatted(
                                    getClass().getSimpleName(),
                                    x.shape(),
                                    timeFirst ? "[time, batch, in]" : "[batch, time, in]",
                                    in),
                    x.shape());
        }
    }

    private void checkState(Tensor x, List<Tensor> state) {
        var needed = stateShape(x);
        var found = state.stream().map(Tensor::shape).toList();
        if (state.size() != kind.states() || found.stream().anyMatch(one -> !one.equals(needed))) {
            throw new ShapeException(
                    "%s: the state is %s; it needs %d of %s"
                            .formatted(getClass().getSimpleName(), found, kind.states(), needed),
                    needed);
        }
    }

    @Override
    public String toString() {
        return "%s(%d, %d, layers %d)"
                .formatted(getClass().getSimpleName(), in, hidden, layers.size());
    }
}
