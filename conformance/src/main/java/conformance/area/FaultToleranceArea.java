package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.kit.Workspace;

/// Fits that fail or are asked to end in the midst of it, and those that go on with them.
final class FaultToleranceArea implements Area {
    @Override
    public String name() {
        return "fault_tolerance";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        try (var workspace = Workspace.create()) {
            var folder = workspace.folder();
            if (setup.has("fail")) {
                return FailedFit.of(setup, folder).answers();
            }
            throw new NotUnderstoodException("nothing is said of a run: " + setup.names());
        }
    }
}
