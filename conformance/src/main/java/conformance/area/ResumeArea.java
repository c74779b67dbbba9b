package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.kit.Workspace;

/// Fits that go on from a checkpoint: where, with what, and what they say to people.
final class ResumeArea implements Area {
    @Override
    public String name() {
        return "resume";
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
