package tensor.spi;

import java.util.List;

/// Several operations on elements, and on rows of them, that are to be computed in one pass over memory.
///
/// All operands have one *domain*, a shape, of which a row is a run along the last axis. Each result is what its steps would
/// give as single operations, one after the other: the same bits.
///
/// @param steps in order
/// @param outputs what of them are the results
public record Program(List<Step> steps, List<Output> outputs) {
    /// Copies the lists.
    public Program {
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
    }

    /// A result.
    ///
    /// @param step the number of the step whose value it is, which may be of smaller extent and is repeated then
    /// @param extent [Extent#ALL] or [Extent#ROW]
    public record Output(int step, Extent extent) {}

    /// {@return whether a step sees a row as more than its elements}
    public boolean hasRows() {
        return steps.stream().anyMatch(step -> step.extent() == Extent.ROW)
                || outputs.stream().anyMatch(output -> output.extent() == Extent.ROW);
    }
}
