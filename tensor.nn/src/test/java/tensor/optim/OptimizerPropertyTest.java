package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Run to the end = run k steps, save, load into a new optimizer of equal parameters, run on.
class OptimizerPropertyTest {
    private static final Map<String, Function<List<Parameter>, Optimizer>> KINDS = kinds();

    private static Map<String, Function<List<Parameter>, Optimizer>> kinds() {
        SequencedMap<String, Function<List<Parameter>, Optimizer>> kinds = new LinkedHashMap<>();
        kinds.put("SGD", it -> Sgd.of(it, 0.01));
        kinds.put("momentum", it -> Sgd.of(it, 0.01, config -> config.momentum(0.9).nesterov()));
        kinds.put("Adam", it -> Adam.of(it, 0.1, config -> config.weightDecay(0.1)));
        kinds.put("AMSGrad", it -> Adam.of(it, 0.1, config -> config.amsgrad().maximize()));
        kinds.put("AdamW", it -> AdamW.of(it, 0.1));
        kinds.put("RMSprop", it -> RmsProp.of(it, 0.01));
        kinds.put(
                "centered", it -> RmsProp.of(it, 0.01, config -> config.centered().momentum(0.5)));
        kinds.put("Adagrad", it -> Adagrad.of(it, 0.1, config -> config.rateDecay(0.1)));
        kinds.put("Adadelta", it -> Adadelta.of(it, 1));
        kinds.put("Adamax", it -> Adamax.of(it, 0.1));
        kinds.put("NAdam", it -> NAdam.of(it, 0.1));
        kinds.put("RAdam", it -> RAdam.of(it, 0.1, config -> config.betas(0.8, 0.9)));
        kinds.put("LBFGS", it -> Lbfgs.of(it, 0.5, config -> config.maxIterations(3)));
        kinds.put(
                "Wolfe",
                it ->
                        Lbfgs.of(
                                it,
                                1,
                                config ->
                                        config.maxIterations(2)
                                                .maxEvaluations(20)
                                                .historySize(3)
                                                .strongWolfe()));
        kinds.put(
                "groups",
                it ->
                        Optimizer.of(
                                RAdam.group(it.subList(1, 2), 0.1),
                                Sgd.group(it.subList(0, 1), 0.02, config -> config.momentum(0.5))));
        return kinds;
    }

    @Provide
    Arbitrary<String> kind() {
        return Arbitraries.of(KINDS.keySet());
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void aLoadedOptimizerGoesOnAsTheOldOneWouldHave(
            @ForAll("kind") String kind,
            @ForAll @IntRange(max = 12) int steps,
            @ForAll @IntRange(max = 12) int cut,
            @ForAll @IntRange(max = 3) int late,
            @ForAll boolean copied,
            @ForAll long seed) {
        Function<List<Parameter>, Optimizer> maker = Objects.requireNonNull(KINDS.get(kind));
        int at = Math.min(cut, steps);
        List<Parameter> whole = parameters(seed);
        List<Parameter> first = parameters(seed);
        Optimizer ofWhole = maker.apply(whole);
        Optimizer ofFirst = maker.apply(first);
        for (int step = 0; step < at; step++) {
            step(ofWhole, whole, step, late);
            step(ofFirst, first, step, late);
        }

        List<Parameter> second =
                first.stream().map(it -> Parameter.of(it.value().detach().copy())).toList();
        Optimizer ofSecond = maker.apply(second);
        Map<String, Tensor> saved = new LinkedHashMap<>(ofFirst.stateDict());
        if (copied) {
            saved.replaceAll((_, tensor) -> tensor.copy());
        }
        ofSecond.loadStateDict(saved);

        for (int step = at; step < steps; step++) {
            step(ofWhole, whole, step, late);
            step(ofSecond, second, step, late);
        }
        assertEquals(bits(values(whole)), bits(values(second)));
        assertEquals(bits(ofWhole.stateDict()), bits(ofSecond.stateDict()));
    }

    private static List<Parameter> parameters(long seed) {
        RandomKey key = RandomKey.of(seed);
        return List.of(
                Parameter.of(Tensor.normal(key.fold(0), Shape.of(2, 3))),
                Parameter.of(Tensor.normal(key.fold(1), Shape.of(4))));
    }

    /// A parameter takes part only from step `late` on.
    private static void step(Optimizer optimizer, List<Parameter> parameters, int step, int late) {
        Closure closure =
                () -> {
                    double loss =
                            TensorScope.call(
                                    "closure",
                                    _ -> {
                                        optimizer.zeroGrad();
                                        Tensor it = loss(parameters, step, late);
                                        it.backward();
                                        return it.item();
                                    });
                    return OptionalDouble.of(loss);
                };
        TensorScope.run("step " + step, () -> optimizer.step(closure));
    }

    private static Tensor loss(List<Parameter> parameters, int step, int late) {
        Tensor first = parameters.getFirst().value();
        Tensor loss =
                first.sub(1 + step).square().mul(0.5).sum().add(first.square().square().sum());
        return step < late
                ? loss
                : loss.add(parameters.getLast().value().sub(2).square().square().sum());
    }

    private static Map<String, Tensor> values(List<Parameter> parameters) {
        SequencedMap<String, Tensor> values = new LinkedHashMap<>();
        parameters.forEach(it -> values.put(Integer.toString(values.size()), it.value().detach()));
        return values;
    }

    private static String bits(Map<String, Tensor> tensors) {
        StringBuilder text = new StringBuilder();
        tensors.forEach((name, tensor) -> {
            text.append(name);
            for (double value : tensor.cast(DType.FLOAT64).toDoubles()) {
                text.append(' ').append(Double.doubleToRawLongBits(value));
            }
            text.append('\n');
        });
        return text.toString();
    }
}
