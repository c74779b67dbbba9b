package conformance.kit;

import conformance.json.Json;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import loops.core.training.BatchResult;
import loops.core.training.StepResult;
import tensor.api.Tensor;
import tensor.layout.DType;

/// What steps report beside logging: a loss, and tensors by name.
///
/// A tensor of one element stands for a number of a case, and one with an axis for a text, character by character.
public final class Reports {
    private static final String LOSS = "loss";

    private Reports() {}

    /// {@return the tensor that stands for a value of a case}
    ///
    /// @param value a number or a text; for anything else its text
    public static Tensor tensor(Json value) {
        return switch (value) {
            case Whole(long number) -> Tensor.scalar(number);
            case Real(double number) -> Tensor.scalar(number);
            case Text(String text) -> text(text);
            default -> text(value.toString());
        };
    }

    private static Tensor text(String text) {
        return Tensor.of(text.chars().asLongStream().toArray());
    }

    /// {@return the value of a case that a tensor stands for}
    ///
    /// @param tensor made by [#tensor], or a number
    public static Json value(Tensor tensor) {
        if (tensor.rank() == 0) {
            return tensor.dtype() == DType.INT64
                    ? new Whole(tensor.itemLong())
                    : new Real(tensor.item());
        }
        var text = new StringBuilder();
        for (long character : tensor.toLongs()) {
            text.append((char) character);
        }
        return new Text(text.toString());
    }

    /// {@return what one step reported, by name}
    ///
    /// @param step the result of the step
    public static SequencedMap<String, Object> of(StepResult step) {
        SequencedMap<String, Object> report = new LinkedHashMap<>();
        step.loss().ifPresent(loss -> report.put(LOSS, loss));
        step.outputs().forEach((name, tensor) -> report.put(name, value(tensor)));
        return report;
    }

    /// {@return what the steps of a batch reported: part by part, and in each by optimizers}
    ///
    /// @param batch the result of the batch
    public static List<List<SequencedMap<String, Object>>> of(BatchResult batch) {
        return batch.splits().stream()
                .map(split -> split.steps().stream().map(Reports::of).toList())
                .toList();
    }

    /// {@return what all steps of some batches reported, in order; a step that reported nothing is left out}
    ///
    /// @param batches the results of the batches
    public static List<SequencedMap<String, Object>> all(List<BatchResult> batches) {
        var all = new ArrayList<SequencedMap<String, Object>>();
        for (BatchResult batch : batches) {
            of(batch).forEach(all::addAll);
        }
        all.removeIf(SequencedMap::isEmpty);
        return all;
    }
}
