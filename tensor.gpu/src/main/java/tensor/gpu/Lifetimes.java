package tensor.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// When the values of a program are last taken, so that their slots can be used again.
final class Lifetimes {
    private final List<Step> steps;
    private final List<Program.Output> outputs;

    Lifetimes(Program program) {
        this.steps = program.steps();
        this.outputs = program.outputs();
    }

    /// {@return the step that computes the value of a step: not one that takes another's as it is}
    int source(int number) {
        return switch (steps.get(number)) {
            case Step.Spread(int x, _) -> source(x);
            case Step.Cast(int x, DType dtype, _) when steps.get(x).dtype() == dtype -> source(x);
            default -> number;
        };
    }

    /// {@return for each value that some steps take, the last of them; or the number of all steps, if folds or results take
    /// it after these}
    Map<Integer, Integer> lastSteps(List<Integer> numbers) {
        Map<Integer, Integer> last = new HashMap<>();
        for (int number : numbers) {
            if (source(number) == number) {
                for (int taken : steps.get(number).takes()) {
                    last.put(source(taken), number);
                }
            }
        }
        for (Step step : steps) {
            if (step instanceof Step.Fold fold) {
                last.put(source(fold.x()), steps.size());
            }
        }
        outputs.forEach(output -> last.put(source(output.step()), steps.size()));
        return last;
    }

    /// {@return for each value of a row, or of all, the last part that takes it} A stage has two parts: its single values, and
    /// its elements.
    Map<Integer, Integer> lastParts(List<Stage> stages) {
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            takeIn(2 * i, stage.singles(), last);
            takeIn(2 * i + 1, stage.elements(), last);
            takeIn(2 * i + 1, stage.folds(), last);
        }
        int end = 2 * stages.size();
        for (Program.Output output : outputs) {
            take(output.extent() == Extent.ROW ? end - 2 : end - 1, output.step(), last);
        }
        return last;
    }

    private void takeIn(int part, List<Integer> numbers, Map<Integer, Integer> last) {
        for (int number : numbers) {
            for (int taken : steps.get(number).takes()) {
                take(part, taken, last);
            }
        }
    }

    private void take(int part, int number, Map<Integer, Integer> last) {
        int source = source(number);
        if (steps.get(source).extent() != Extent.ALL) {
            last.merge(source, part, Math::max);
        }
    }
}
