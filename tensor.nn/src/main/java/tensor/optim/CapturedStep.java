package tensor.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tensor.api.Captured;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// A training step of fixed shapes, captured as a whole: the loss, its gradients and the step of the optimizer, with the bits
/// of the plain step.
///
/// ```java
/// try (var step = CapturedStep.of(optimizer, in -> Losses.crossEntropy(model.apply(in.get(0)), in.get(1)), x, y)) {
///     for (Batch batch : batches) {
///         Tensor loss = step.apply(batch.input(), batch.target());
///     }
/// } // now the parameters have what was learned
/// ```
///
/// Make a plain step before: the parameters that have a gradient then are learned. Values and states are this step's own until
/// [#give]; meanwhile those of the parameters are out of date, and must not be changed. Numbers of the optimizer that change
/// from step to step, its learning rate and the corrections of Adam, are found anew for each; gradients are not kept. What
/// [Captured] refuses is refused here: dropout, a running mean, a parameter that is not learned, a number that changes.
///
/// **Ownership.** A loss is overwritten by the next step. **Threads.** One thread at a time.
public final class CapturedStep implements AutoCloseable {
    private final Optimizer optimizer;
    private final Function<List<Tensor>, Tensor> loss;
    private final List<CapturedGroup<?>> groups = new ArrayList<>();
    private final List<Parameter> parameters;
    private final Device device;
    private final int states;
    private final Captured captured;

    /// Where the numbers stand while the function is computed.
    private int next;

    /// What the host counts is set to when the function has been computed: before it is captured, to that of a later step.
    private Runnable afterwards;

    /// Whether it is computed for the second time, to be captured.
    private boolean secondly;

    private List<Tensor> given;

    /// Keeps what a feed hears: the numbers of the next step.
    private final Numbers.Feed hearing = this::hear;

    private double[] heard = new double[0];
    private int heardCount;

    private boolean closed;

    private CapturedStep(Optimizer optimizer, Function<List<Tensor>, Tensor> loss, Tensor[] batch) {
        this.optimizer = optimizer;
        this.loss = loss;
        optimizer.groups().forEach(group -> groups.add(group.captured()));
        this.parameters = groups.stream().flatMap(group -> group.parameters().stream()).toList();
        this.device = parameters.getFirst().ownValue().device();
        List<Tensor> inputs = new ArrayList<>(values());
        groups.forEach(group -> inputs.addAll(group.first()));
        this.states = inputs.size() - parameters.size();
        Runnable before = mark();
        double[] numbers = numbers();
        inputs.add(device.with(() -> Tensor.of(numbers, Shape.of(numbers.length))));
        this.afterwards =
                () -> {
                    groups.forEach(CapturedGroup::advance);
                    secondly = true;
                };
        inputs.addAll(List.of(batch));
        this.captured =
                Captured.carrying(
                        parameters.size() + states, this::compute, inputs.toArray(Tensor[]::new));
        before.run();
        this.afterwards = () -> {};
        this.secondly = false;
        this.given = values();
    }

    private Runnable mark() {
        List<Runnable> marks = groups.stream().map(CapturedGroup::mark).toList();
        return () -> marks.forEach(Runnable::run);
    }

    /// {@return a step, captured}
    ///
    /// @param optimizer whose parameters have the gradients of a plain step
    /// @param loss of a batch, given as below; called twice, or at each step
    /// @param batch of the shapes, types and device of all later ones
    /// @throws IllegalArgumentException if a group has no gradient, or keeps one by rows, or the optimizer needs a closure
    /// @throws IllegalStateException if the step cannot be captured
    public static CapturedStep of(
            Optimizer optimizer, Function<List<Tensor>, Tensor> loss, Tensor... batch) {
        if (optimizer.reevaluates()) {
            throw new IllegalArgumentException(
                    "CapturedStep: %s calls for the loss as often as it likes; make plain steps"
                            .formatted(optimizer.kind()));
        }
        return new CapturedStep(optimizer, loss, batch);
    }

    /// {@return the loss of a batch, from before the step that it makes}
    ///
    /// @param batch of the first one's shapes and types
    /// @throws IllegalStateException if a parameter was changed by someone else, or this is closed
    public Tensor apply(Tensor... batch) {
        if (closed) {
            throw new IllegalStateException("CapturedStep: it is closed; make another one");
        }
        requireCurrent();
        Tensor value = captured.apply(numbers(), batch).getFirst();
        for (int i = 0; i < groups.size(); i++) { // in every step: no iterator
            groups.get(i).advance();
        }
        optimizer.count();
        return value;
    }

    private void requireCurrent() {
        for (int i = 0; i < groups.size(); i++) {
            if (!groups.get(i).isCurrent()) {
                throw new IllegalStateException(
                        "CapturedStep: what the optimizer remembers was changed by someone else; capture the step again");
            }
        }
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).ownValue().equals(given.get(i))) {
                throw new IllegalStateException(
                        "CapturedStep: a parameter was changed by someone else; capture the step again");
            }
        }
    }

    /// Gives the parameters and the optimizer copies of what was learned so far.
    ///
    /// @throws IllegalStateException if a step failed, since what was learned is lost then, or a parameter or what the
    ///     optimizer remembers was changed by someone else: that stays
    public void give() {
        requireCurrent();
        List<Tensor> all = captured.carried();
        Iterator<Tensor> values = all.subList(0, parameters.size()).iterator();
        Iterator<Tensor> after = all.subList(parameters.size(), all.size()).iterator();
        groups.forEach(group -> group.give(values, after));
        given = values();
    }

    private List<Tensor> values() {
        return parameters.stream().map(Parameter::ownValue).toList();
    }

    /// {@return the numbers of the next step}
    private double[] numbers() {
        heardCount = 0;
        Numbers.fed(hearing, this::count);
        heard = heardCount == heard.length ? heard : Arrays.copyOf(heard, heardCount);
        return heard;
    }

    private void count() {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).count();
        }
    }

    private Optional<Tensor> hear(double[] values) {
        int end = heardCount + values.length;
        heard = end > heard.length ? Arrays.copyOf(heard, end) : heard;
        System.arraycopy(values, 0, heard, heardCount, values.length);
        heardCount = end;
        return Optional.empty();
    }

    /// Of the values, the states, the numbers and the batch: the new values and states, and the loss.
    private List<Tensor> compute(List<Tensor> in) {
        List<Tensor> leaves = new ArrayList<>();
        Map<Parameter, Tensor> standing = new HashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            boolean learns = parameters.get(i).requiresGrad();
            leaves.add(learns ? in.get(i).requireGradient() : in.get(i));
            standing.put(parameters.get(i), leaves.get(i));
        }
        int front = parameters.size() + states;
        List<Tensor> batch = in.subList(front + 1, in.size());
        Tensor value = Parameter.replaced(standing, () -> loss.apply(batch));
        Iterator<Tensor> gradients = Gradients.of(value, leaves).iterator();
        Iterator<Tensor> before = in.subList(parameters.size(), front).iterator();
        Iterator<Tensor> now = in.subList(0, parameters.size()).iterator();
        List<Tensor> learned = new ArrayList<>();
        List<Tensor> remembered = new ArrayList<>();
        next = 0;
        // Once as in a later step and at another rate: a number that does not come from the feed is
        // seen to change.
        double share = secondly ? 0.5 : 1;
        Numbers.fed(
                values -> place(in.get(front), values.length),
                () ->
                        Tensor.noGrad(() -> {
                            for (CapturedGroup<?> group : groups) {
                                int count = group.parameters().size();
                                List<Tensor> some = taken(gradients, count);
                                List<Tensor> all =
                                        group.descend(some, taken(now, count), before, share);
                                learned.addAll(all.subList(0, count));
                                remembered.addAll(all.subList(count, all.size()));
                            }
                        }));
        afterwards.run();
        learned.addAll(remembered);
        learned.add(value.detach());
        return learned;
    }

    private Optional<Tensor> place(Tensor numbers, int count) {
        next += count;
        if (next > numbers.size(0)) {
            throw new IllegalStateException(
                    "CapturedStep: this optimizer has %d numbers and more, was expected to have %d"
                            .formatted(next, numbers.size(0)));
        }
        return count == 0 ? Optional.empty() : Optional.of(numbers.slice(0, next - count, next));
    }

    private static List<Tensor> taken(Iterator<Tensor> from, int count) {
        List<Tensor> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(from.next());
        }
        return some;
    }

    /// [Gives][#give] what was learned, and the memory back. A second call changes nothing.
    ///
    /// @throws IllegalStateException if a step failed: the parameters have what was given last; or as [#give]: they have what
    ///     someone else gave them
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                give();
            } finally {
                captured.close();
            }
        }
    }
}
