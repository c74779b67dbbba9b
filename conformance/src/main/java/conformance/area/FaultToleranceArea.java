package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.Workspace;

/// Fits that fail or are asked to end in the midst of it, and those that go on with them.
final class FaultToleranceArea implements Area {
    /// Every source here says where it stands.
    private static final Phrases<Boolean> STATEFUL =
            Phrases.<Boolean>of()
                    .say("dataset and sampler provide state_dict/load_state_dict", said -> true);

    @Override
    public String name() {
        return "fault_tolerance";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        try (var workspace = Workspace.create()) {
            var folder = workspace.folder();
            if (setup.has("signal_sent")) {
                return SignalledFit.of(setup, folder);
            }
            if (setup.has("val_dataloaders")) {
                return CutValidation.of(setup, folder);
            }
            if (setup.has("fail")) {
                setup.textIfAny("stateful").ifPresent(STATEFUL::read);
                return CutFit.failing(setup, folder).answers();
            }
            if (setup.has("files")) {
                return ResumePlaces.preceding(setup);
            }
            if (setup.has("rows")) {
                return DataThatGoesOn.rows(setup, folder);
            }
            throw new NotUnderstoodException("no run is described by " + setup.names());
        }
    }
}
