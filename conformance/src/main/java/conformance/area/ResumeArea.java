package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.kit.Workspace;
import java.nio.file.Path;

/// Fits that go on from a checkpoint: from which one, with what, and what they make.
final class ResumeArea implements Area {
    private static final String CHECKPOINTS = "ModelCheckpoint";

    @Override
    public String name() {
        return "resume";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        try (var workspace = Workspace.create()) {
            var folder = workspace.folder();
            return setup.has("run1") ? twoRuns(setup, folder) : others(setup, folder);
        }
    }

    private static Answers twoRuns(Keys setup, Path folder) {
        var first = setup.fields("run1");
        if (first.has(CHECKPOINTS)) {
            return EverySave.of(setup, first, first.fields(CHECKPOINTS), folder).answers();
        }
        if (!setup.has("run2")) {
            return RestoredParts.counters(setup, folder);
        }
        if (first.has("save_last")) {
            return ResumePlaces.foundByAnother(setup, folder);
        }
        return first.has("then")
                ? ResumedFits.counted(setup, folder)
                : RestoredCallbacks.refusedAfterLoading(setup, folder);
    }

    private static Answers others(Keys setup, Path folder) {
        if (setup.has("fail")) {
            return CutFit.failing(setup, folder).answers();
        }
        if (setup.has("ckpt_path")) {
            return ResumePlaces.found(setup, folder);
        }
        if (setup.has("calls")) {
            return ResumedFits.repeated(setup, folder);
        }
        if (setup.has("stop")) {
            return ResumedFits.warned(setup, folder);
        }
        if (setup.has(CHECKPOINTS)) {
            var flags = setup.fields("trainer");
            return EverySave.of(setup, flags, setup.fields(CHECKPOINTS), folder).answers();
        }
        if (setup.has("for_fn")) {
            return RestoredParts.loops(setup, folder);
        }
        if (setup.has("saved_with")) {
            return RestoredCallbacks.missing(setup, folder);
        }
        throw new NotUnderstoodException("no run is described by " + setup.names());
    }
}
