package tensor.spi;

import java.util.List;
import tensor.layout.Shape;

/// Several operations on elements, and on rows of them, that are to be computed in one pass over memory.
///
/// All operands have one *domain*, a shape, of which a row is a run along the last axis. Each result is what its steps would
/// give as single operations, one after the other: the same bits.
/// **Equality.** By identity: a backend may keep what it has made of a program.
public final class Program {
    private final List<Step> steps;
    private final List<Output> outputs;
    private final boolean hasRows;

    /// A program of some steps.
    ///
    /// @param steps in order; each takes values of steps before it
    /// @param outputs what of them are the results
    public Program(List<Step> steps, List<Output> outputs) {
        this.steps = List.copyOf(steps);
        this.outputs = List.copyOf(outputs);
        this.hasRows =
                steps.stream().anyMatch(step -> step.extent() == Extent.ROW)
                        || outputs.stream().anyMatch(output -> output.extent() == Extent.ROW);
    }

    /// {@return the steps, in order}
    public List<Step> steps() {
        return steps;
    }

    /// {@return the results}
    public List<Output> outputs() {
        return outputs;
    }

    /// {@return whether a step sees a row as more than its elements}
    public boolean hasRows() {
        return hasRows;
    }

    /// Runs this by the other methods of a backend, each step on whole operands: what it means, and what [Backend#run] must
    /// give bit for bit.
    ///
    /// @param backend computes
    /// @param domain as for [Backend#run]
    /// @param inputs as for [Backend#run]
    /// @param outputs as for [Backend#run]
    public void stepByStep(
            Backend backend, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        StepByStep.run(backend, this, domain, inputs, outputs);
    }

    /// A result.
    ///
    /// @param step the number of the step whose value it is, of this extent or [Extent#ONE]
    /// @param extent [Extent#ALL] or [Extent#ROW]
    public record Output(int step, Extent extent) {}

    @Override
    public String toString() {
        return "Program " + steps + " -> " + outputs;
    }
}
