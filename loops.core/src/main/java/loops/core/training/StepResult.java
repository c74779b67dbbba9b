package loops.core.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// What one step of the module came to: the loss for one optimizer, or the measuring of a batch.
///
/// @param optimizer the optimizer that the loss was for, from 0; 0 in an evaluation
/// @param loss the loss as the module gave it; empty if it gave none, and in an evaluation
/// @param outputs what the step put out beside it, by [Step#output]; detached. They last as long as the step's batch
///     unless the module keeps its results
public record StepResult(int optimizer, OptionalDouble loss, SequencedMap<String, Tensor> outputs) {
    /// How a result is saved.
    public static final Codec<StepResult> CODEC =
            Codec.of("the result of a step", StepResult::write, state -> read((Fields) state));

    static final SequencedMap<String, Tensor> NO_OUTPUTS =
            Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

    /// Of the first optimizer, without a loss or an output: what most steps of an evaluation come to.
    private static final StepResult NOTHING = new StepResult(0, OptionalDouble.empty(), NO_OUTPUTS);

    /// {@return a result} One without a loss and outputs is not made anew.
    ///
    /// @param optimizer the optimizer that the loss was for, from 0; 0 in an evaluation
    /// @param loss the loss as the module gave it; `null` if it gave none, and in an evaluation
    /// @param outputs what the step put out beside it
    public static StepResult of(
            int optimizer, @Nullable Tensor loss, SequencedMap<String, Tensor> outputs) {
        if (optimizer == 0 && loss == null && outputs.isEmpty()) {
            return NOTHING;
        }
        var value = loss == null ? OptionalDouble.empty() : OptionalDouble.of(loss.item());
        return new StepResult(optimizer, value, outputs);
    }

    /// {@return whether there is nothing in it}
    boolean isNothing() {
        return equals(NOTHING);
    }

    /// Copies the map.
    public StepResult {
        outputs =
                outputs.isEmpty()
                        ? NO_OUTPUTS
                        : Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    }

    /// {@return whether the module gave a loss}
    public boolean hasLoss() {
        return loss.isPresent();
    }

    /// {@return the same result, whose tensors belong to no scope}
    public StepResult kept() {
        var loose = new LinkedHashMap<String, Tensor>();
        outputs.forEach((name, tensor) -> loose.put(name, TensorScope.take(tensor)));
        return new StepResult(optimizer, loss, loose);
    }

    private static Fields write(StepResult result) {
        var state =
                Fields.empty()
                        .with("optimizer", result.optimizer)
                        .with("outputs", TensorState.fields(result.outputs));
        return result.loss.isPresent() ? state.with("loss", result.loss.getAsDouble()) : state;
    }

    private static StepResult read(Fields state) {
        return new StepResult(
                Math.toIntExact(state.num("optimizer")),
                state.has("loss") ? OptionalDouble.of(state.real("loss")) : OptionalDouble.empty(),
                TensorState.tensors(state.fields("outputs")));
    }
}
