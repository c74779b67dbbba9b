package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import conformance.check.Keys;
import conformance.json.Json.Fields;
import loops.core.training.OptimizerPlan;
import org.junit.jupiter.api.Test;
import tensor.optim.Lbfgs;

/// An optimizer that computes its loss several times.
class ClosureTest {
    @Test
    void anOptimizerThatReevaluatesIsRefusedWhereBatchesAreAccumulated() {
        var scenario = Scenario.of(new Keys("", Fields.EMPTY.with("accumulate_grad_batches", 2)));
        scenario.script().plan(model -> OptimizerPlan.of(Lbfgs.of(model.parameters(), 0.1)));

        var thrown = assertThrows(IllegalStateException.class, scenario::fit);

        assertEquals(
                "OptimizerLoop: optimizer 0 computes its loss several times a step, and 2 batches are accumulated; accumulate 1",
                thrown.getMessage());
    }
}
