package examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.nn.Embedding;
import tensor.nn.Init;
import tensor.nn.Layer;
import tensor.nn.LayerNorm;
import tensor.nn.Linear;
import tensor.nn.Sequential;
import tensor.nn.TransformerBlock;
import tensor.optim.AdamW;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;

/// Reads without a memory: it looks at all 64 characters of a window at once, and each place sees those before it.
final class CharTransformer extends CharLearner {
    static final int PLACES = 64;

    private static final int WARM_UP = 100;

    private final Embedding characters;
    private final Embedding places;
    private final Sequential blocks;
    private final LayerNorm norm;
    private final Linear out;
    private final long steps;

    /// @param characters how many there are
    /// @param blocks one above the other
    /// @param width what a character is to a block
    /// @param steps how long it is trained
    CharTransformer(int characters, int blocks, int width, long steps) {
        var each = new Layer[blocks];
        Arrays.setAll(each, _ -> TransformerBlock.of(width, 4, config -> config.causal()));
        this.characters = child("characters", Embedding.of(characters, width));
        this.places = child("places", Embedding.of(PLACES, width));
        this.blocks = child("blocks", Sequential.of(each));
        this.norm = child("norm", LayerNorm.of(width));
        this.out = child("out", Linear.of(width, characters));
        this.steps = steps;
    }

    /// Weights are small at first, biases zero.
    @Override
    public CharTransformer initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        namedParameters()
                .forEach((path, parameter) -> {
                    if (path.endsWith("bias")) {
                        parameter.assign(Tensor.zeros(parameter.shape(), dtype));
                    } else if (parameter.shape().rank() == 2) {
                        parameter.assign(
                                Init.normal(0, 0.02)
                                        .create(key.fold(path), parameter.shape(), dtype));
                    }
                });
        return this;
    }

    @Override
    Tensor scores(Tensor window, Step step) {
        return scores(window);
    }

    private Tensor scores(Tensor window) {
        var place = places.apply(Tensor.arange(window.size(1)));
        var seen = blocks.apply(characters.apply(window).add(place));
        return flat(out.apply(norm.apply(seen)));
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        var adam = AdamW.of(parameters(), 1e-3, config -> config.betas(0.9, 0.99).weightDecay(0.1));
        var rate =
                Schedules.sequential(
                        List.of(
                                Schedules.linear(0.01, 1, WARM_UP),
                                Schedules.cosine(Math.max(1, steps - WARM_UP), 1e-4)),
                        WARM_UP);
        return OptimizerPlan.of(
                PlannedOptimizer.of(adam)
                        .schedule(Scheduler.of(adam, rate), planned -> planned.perStep()));
    }

    @Override
    IntFunction<Tensor> reader() {
        var window = new ArrayList<Long>();
        return character -> {
            window.add((long) character);
            if (window.size() > PLACES) {
                window.removeFirst();
            }
            long[] read = window.stream().mapToLong(Long::longValue).toArray();
            return TensorScope.get(
                    "window", () -> scores(Tensor.of(read).unsqueeze(0)).select(0, -1));
        };
    }
}
