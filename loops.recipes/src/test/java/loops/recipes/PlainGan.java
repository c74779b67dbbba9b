package loops.recipes;

import static loops.recipes.SmallGan.CRITIC;
import static loops.recipes.SmallGan.GENERATOR;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Clipping;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;

/// A [SmallGan] as somebody writes it who has no loops: nested `for`, and all by hand.
final class PlainGan {
    private final SmallGan spec;
    private final SmallGan.Nets nets;
    private final One critic;
    private final One generator;

    private PlainGan(SmallGan spec) {
        this.spec = spec;
        var gan = new SmallGan.Gan(spec);
        gan.initialize(RandomKey.of(spec.seed()).fold("module"));
        nets = gan.nets;
        critic = new One(nets.optimizer(CRITIC), 2);
        generator = new One(nets.optimizer(GENERATOR), 1);
    }

    /// {@return the networks as they are after the training}
    static SmallGan.Nets trained(SmallGan spec) {
        var plain = new PlainGan(spec);
        for (int epoch = 0; epoch < spec.epochs(); epoch++) {
            try (var batches = spec.batches().open(epoch, 0)) {
                for (int i = 0; batches.hasNext(); i++) {
                    var batch = batches.next();
                    plain.train(batch, i, !batches.hasNext());
                }
            }
        }
        return plain.nets;
    }

    private void train(Batch batch, int index, boolean last) {
        boolean alone = spec.how().frequencies();
        var fake = nets.fake(batch, nets.silence(batch));
        if (!alone || index % 3 < 2) {
            critic.learn(nets.critics(nets.real(batch), fake), batch.size(), last);
        }
        if (!alone || index % 3 == 2) {
            boolean leftOut = spec.leftOut(GENERATOR, index);
            generator.learn(leftOut ? null : nets.generators(fake), batch.size(), last);
        }
        for (One one : List.of(critic, generator)) {
            if (last && one.open) {
                one.step();
            }
            one.turns = last ? 0 : one.turns;
            one.schedule();
        }
    }

    /// An optimizer with its window and its schedule.
    private final class One {
        private final Optimizer optimizer;
        private final Scheduler scheduler;
        private final int frequency;
        private boolean open;
        private boolean stepped;
        private int samples;
        private int turns;

        One(Optimizer optimizer, int frequency) {
            this.optimizer = optimizer;
            this.frequency = frequency;
            this.scheduler = Scheduler.of(optimizer, Schedules.exponential(0.9));
        }

        private void learn(@Nullable Tensor loss, int size, boolean last) {
            if (!open) {
                optimizer.zeroGrad();
                samples = 0;
                open = true;
            }
            if (loss != null) {
                var sum = spec.how().accumulate() > 1 ? loss.mul(size) : loss;
                sum.backward(optimizer.parameters());
                samples += size;
            }
            turns++;
            if (last || turns % spec.how().accumulate() == 0) {
                step();
            }
        }

        private void step() {
            open = false;
            if (samples == 0) {
                return;
            }
            for (var parameter : optimizer.parameters()) {
                if (spec.how().accumulate() > 1) {
                    parameter.grad(parameter.grad().orElseThrow().div(samples));
                }
            }
            if (spec.how().clips()) {
                Clipping.clipGradientNorm(optimizer.parameters(), 0.1 * frequency, 2);
            }
            optimizer.step();
            stepped = true;
        }

        private void schedule() {
            if (stepped && spec.how().schedules() && optimizer.steps() % frequency == 0) {
                scheduler.step();
            }
            stepped = false;
        }
    }
}
