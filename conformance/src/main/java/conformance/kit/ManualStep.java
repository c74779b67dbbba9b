package conformance.kit;

import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What a step of manual optimization does, as cases write it: `backward(l1); opt_a.step(); opt_a.zero_grad()`.
///
/// Each loss that is named is made at its first use in a step. The optimizers are `opt`, or `opt_a`, `opt_b` and so on.
public final class ManualStep {
    /// What a step without words does.
    public static final ManualStep PLAIN = read("opt.zero_grad(); backward(loss); opt.step()");

    private static final String STATED = "loss";

    /// One statement.
    @FunctionalInterface
    private interface Statement {
        void run(Run run);
    }

    private final List<Statement> statements;

    private ManualStep(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /// {@return what a case says}
    ///
    /// @param text statements with semicolons between them
    /// @throws NotUnderstoodException if one of them is not known
    public static ManualStep read(String text) {
        var statements = new ArrayList<Statement>();
        for (String statement : text.split(";", -1)) {
            statements.add(words().read(statement.strip()));
        }
        return new ManualStep(statements);
    }

    private static Phrases<Statement> words() {
        return Phrases.<Statement>of()
                .say(
                        "(?:self\\.)?(?:manual_)?backward\\((\\w+)\\)",
                        said -> run -> run.step.backward(run.loss(said.group(1))))
                .say(
                        "(opt\\w*)\\.zero_grad\\(\\)",
                        said -> {
                            int optimizer = optimizer(said.group(1));
                            return run -> run.step.zeroGrad(optimizer);
                        })
                .say(
                        "(opt\\w*)\\.step\\(\\)",
                        said -> {
                            int optimizer = optimizer(said.group(1));
                            return run -> run.step.optimizerStep(optimizer);
                        })
                .say(
                        "(opt\\w*)\\.step\\(closure with (\\d+) backwards?\\)",
                        said -> {
                            int optimizer = optimizer(said.group(1));
                            int backwards = Integer.parseInt(said.group(2));
                            return run ->
                                    run.step
                                            .optimization()
                                            .optimizerStep(
                                                    optimizer,
                                                    () -> run.closure(optimizer, backwards));
                        })
                .say("\\w+ = .*|return .*", said -> run -> {});
    }

    private static int optimizer(String name) {
        return Phrases.<Integer>of()
                .say("opt", said -> 0)
                .say("opt_([a-z])", said -> said.group(1).charAt(0) - 'a')
                .read(name);
    }

    /// Runs the statements.
    ///
    /// @param model the model
    /// @param batch the samples
    /// @param step the step that they are part of
    /// @return the loss that was used first
    public Tensor run(TrainedModel model, Batch batch, Step step) {
        var run = new Run(model, batch, step);
        statements.forEach(each -> each.run(run));
        return run.losses.isEmpty() ? run.loss(STATED) : run.first;
    }

    private static final class Run {
        private final TrainedModel model;
        private final Batch batch;
        private final Step step;
        private final Map<String, Tensor> losses = new HashMap<>();
        private Tensor first = Tensor.scalar(0f);

        Run(TrainedModel model, Batch batch, Step step) {
            this.model = model;
            this.batch = batch;
            this.step = step;
        }

        Tensor loss(String name) {
            if (losses.isEmpty()) {
                first = model.loss(batch);
                losses.put(name, first);
            }
            return losses.computeIfAbsent(name, absent -> model.loss(batch));
        }

        OptionalDouble closure(int optimizer, int backwards) {
            step.zeroGrad(optimizer);
            var loss = loss(STATED);
            for (int i = 0; i < backwards; i++) {
                step.backward(loss);
            }
            return OptionalDouble.of(loss.item());
        }
    }
}
