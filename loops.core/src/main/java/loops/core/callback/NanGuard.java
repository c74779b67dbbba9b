package loops.core.callback;

import java.util.Map;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TrainingOptimizer;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Looks for NaN and infinities in losses and gradients, and says where the first one was.
///
/// ```text
/// NanGuard: the gradient of 'hidden.weight' is not finite in epoch 2, batch 17, optimizer 0; lower the learning rate, clip gradients, or look at the batch
/// ```
///
/// A loss is looked at before the backward pass, gradients before the optimizer uses them. So no parameter is changed by
/// them: the failing guard throws there, the stopping one drops the gradients and asks for a stop.
///
/// An optimizer that computes its loss several times in a step, as L-BFGS does, moves the parameters from point to point
/// meanwhile. A guard that fails leaves them at the point where the first bad number was; one that stops lets the
/// optimizer end its step, so there the failing one is to be preferred.
///
/// It reads a number from the device for each loss and each parameter of a step.
public final class NanGuard implements Callback {
    private static final String ADVICE =
            "; lower the learning rate, clip gradients, or look at the batch";

    private final boolean fails;
    private final Place place = new Place();

    /// The batch in work, for the message: a run that is resumed in the middle of it has to know it too.
    private static final class Place implements Stateful {
        private int batch;

        @Override
        public Fields stateDict() {
            return Fields.empty().with("batch", batch);
        }

        @Override
        public void loadStateDict(Fields state) {
            batch = Math.toIntExact(state.num("batch"));
        }
    }

    private NanGuard(boolean fails) {
        this.fails = fails;
    }

    /// {@return a guard that ends the run by an [ArithmeticException]}
    public static NanGuard failing() {
        return new NanGuard(true);
    }

    /// {@return a guard that asks for a stop, so that the run ends in good order}
    public static NanGuard stopping() {
        return new NanGuard(false);
    }

    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        place.batch = batchIndex;
    }

    @Override
    public void onBeforeBackward(RunView run, Tensor loss) {
        double value = loss.item();
        if (!Double.isFinite(value)) {
            report(
                    run,
                    "the loss is %s in epoch %d, batch %d%s"
                            .formatted(value, run.epoch(), place.batch, turn(run)));
        }
    }

    /// {@return the optimizer that has its turn, if there are several: only its parameters get gradients then}
    private static String turn(RunView run) {
        var all = run.optimizers();
        var active =
                all.stream()
                        .filter(optimizer ->
                                optimizer.parameters().stream().anyMatch(Parameter::requiresGrad))
                        .toList();
        return active.size() == 1 ? ", optimizer " + active.getFirst().index() : "";
    }

    @Override
    public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
        for (Parameter parameter : optimizer.parameters()) {
            if (parameter.gradValues().filter(NanGuard::broken).isPresent()) {
                report(
                        run,
                        "the gradient of '%s' is not finite in epoch %d, batch %d, optimizer %d"
                                .formatted(
                                        name(run, parameter),
                                        run.epoch(),
                                        place.batch,
                                        optimizer.index()));
                optimizer.zeroGrad();
                return;
            }
        }
    }

    /// Nothing times NaN or infinity is NaN, and stays it in a sum.
    private static boolean broken(Tensor gradient) {
        return Double.isNaN(gradient.mul(0).sum().item());
    }

    @SuppressWarnings("ReferenceEquality") // a parameter is itself and no other
    private static String name(RunView run, Parameter parameter) {
        return run.module().namedParameters().entrySet().stream()
                .filter(named -> named.getValue() == parameter)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("a parameter outside the module");
    }

    private void report(RunView run, String what) {
        String message = "NanGuard: " + what + ADVICE;
        if (fails) {
            throw new ArithmeticException(message);
        }
        run.stop(message);
    }

    @Override
    public Fields stateDict() {
        return place.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        place.loadStateDict(state);
    }
}
