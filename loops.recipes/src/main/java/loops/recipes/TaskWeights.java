package loops.recipes;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// The weights of several tasks on their way: at first the parameters of a module, expanded by an axis of tasks. Mutable.
final class TaskWeights {
    private final AdaptationRun run;
    private SequencedMap<String, Tensor> byPath = new LinkedHashMap<>();

    /// @param run what is adapted, to what
    /// @param adapts which parameters, by their paths
    TaskWeights(AdaptationRun run, Predicate<String> adapts) {
        this.run = run;
        run.module()
                .namedParameters()
                .forEach((path, parameter) -> {
                    if (adapts.test(path)) {
                        byPath.put(path, expanded(path, parameter));
                    }
                });
        if (byPath.isEmpty()) {
            throw new IllegalArgumentException(
                    "AdaptationLoop: adapts none of the parameters %s; name one at least"
                            .formatted(run.module().namedParameters().keySet()));
        }
    }

    /// Between the tasks and its own axes a weight has an axis of 1 for each that the samples have more.
    private Tensor expanded(String path, Parameter parameter) {
        var samples = run.samples().tensors().firstEntry().getValue();
        int added = samples.rank() - parameter.shape().rank();
        if (added < 1) {
            throw new ShapeException(
                    "AdaptationLoop: '%s' has shape %s and the samples %s; samples need an axis of tasks in front of those that the module takes"
                            .formatted(path, parameter.shape(), samples.shape()),
                    parameter.shape(),
                    samples.shape());
        }
        int[] sizes = new int[samples.rank()];
        Arrays.fill(sizes, 1);
        System.arraycopy(parameter.shape().sizes(), 0, sizes, added, parameter.shape().rank());
        sizes[0] = run.samples().size();
        return parameter.value().expand(Shape.of(sizes));
    }

    /// Makes a step of gradient descent on each task.
    ///
    /// @param rate how far
    /// @param secondOrder whether the step can be differentiated itself
    void descend(double rate, boolean secondOrder) {
        var leaves = new LinkedHashMap<String, Tensor>();
        byPath.forEach((path, weight) ->
                leaves.put(path, weight.tracked() ? weight : weight.requireGradient()));
        boolean recorded = byPath.values().stream().anyMatch(Tensor::tracked);
        var gradients =
                Tensor.enableGrad(() -> gradients(leaves, secondOrder && recorded)).iterator();
        var next = new LinkedHashMap<String, Tensor>();
        byPath.forEach((path, weight) -> next.put(path, weight.sub(gradients.next().mul(rate))));
        byPath = next;
    }

    private List<Tensor> gradients(SequencedMap<String, Tensor> leaves, boolean recorded) {
        var module = run.module();
        var loss = module.with(leaves, () -> module.taskLosses(run.samples())).sum();
        var wanted = List.copyOf(leaves.values());
        return recorded ? Gradients.differentiable(loss, wanted) : Gradients.of(loss, wanted);
    }

    /// {@return the weights by the paths of their parameters}
    SequencedMap<String, Tensor> byPath() {
        return Collections.unmodifiableSequencedMap(byPath);
    }
}
