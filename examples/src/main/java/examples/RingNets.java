package examples;

import java.util.ArrayList;
import java.util.List;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Activations;
import tensor.nn.Init;
import tensor.nn.Layer;
import tensor.nn.Linear;
import tensor.nn.Module;
import tensor.nn.RandomStream;
import tensor.nn.Sequential;
import tensor.optim.Adam;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;

/// A generator of points and a critic that tells how real they are, with the losses of both.
///
/// Gulrajani et al.: Improved Training of Wasserstein GANs, 2017. The slope of the critic is held near 1, so its loss has a
/// gradient in it: second order.
final class RingNets extends Module {
    /// The places of the optimizers.
    static final int CRITIC = 0;

    static final int GENERATOR = 1;

    private static final int NORMAL = 2;
    private static final int SIGNS = 6;
    private static final int UNITS = 64;
    private static final double LEARNING_RATE = 2e-3;

    private final Sequential generator = child("generator", net(NORMAL + SIGNS, 2, 2));
    private final Sequential critic = child("critic", net(2, 1, 3));
    private final RandomStream noise = random("noise");
    private final int steps;

    /// @param steps how long it is trained: the learning rates fall to 0 by then
    RingNets(int steps) {
        this.steps = steps;
    }

    private static Sequential net(int in, int out, int hidden) {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < hidden; i++) {
            layers.add(Linear.of(i == 0 ? in : UNITS, UNITS, c -> c.weight(Init.kaimingUniform())));
            layers.add(x -> Activations.leakyRelu(x, 0.2));
        }
        layers.add(Linear.of(UNITS, out));
        return Sequential.of(layers.toArray(Layer[]::new));
    }

    /// {@return so many points} A part of what they are made of is −1 or 1, nothing between: so the way from one mode to
    /// the next need not be filled with points.
    Tensor generate(int count) {
        var normal = Tensor.normal(noise.next(), Shape.of(count, NORMAL));
        var positive = Tensor.normal(noise.next(), Shape.of(count, SIGNS)).greater(0);
        var signs = positive.cast(DType.FLOAT32).mul(2).sub(1);
        return generator.apply(Tensor.concat(1, normal, signs));
    }

    /// {@return the loss of the critic: generated points are to count less than real ones}
    Tensor criticLoss(Tensor real, Tensor fake) {
        var part = Tensor.uniform(noise.next(), Shape.of(real.size(0), 1));
        var between = fake.add(real.sub(fake).mul(part)).detach().requireGradient();
        var values = critic.apply(between);
        var slope = Gradients.differentiable(values.sum(), List.of(between)).getFirst();
        var steepness = slope.square().sum(1).add(1e-12).sqrt();
        return critic.apply(fake)
                .mean()
                .sub(critic.apply(real).mean())
                .add(steepness.sub(1).square().mean());
    }

    /// {@return the loss of the generator: what it generates is to count more}
    Tensor generatorLoss(Tensor fake) {
        return critic.apply(fake).mean().neg();
    }

    /// {@return the optimizers of the critic and of the generator}
    OptimizerPlan optimizers() {
        return OptimizerPlan.of(adam(critic.parameters()), adam(generator.parameters()));
    }

    private PlannedOptimizer adam(List<Parameter> parameters) {
        var adam = Adam.of(parameters, LEARNING_RATE, config -> config.betas(0.5, 0.9));
        return PlannedOptimizer.of(adam)
                .schedule(
                        Scheduler.of(adam, Schedules.linear(1, 0.01, steps)),
                        scheduler -> scheduler.perStep());
    }
}
