package conformance.kit;

import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.kit.Event.Place;
import java.util.OptionalLong;

/// Where user code throws: in the step or hook of a name, at a place.
///
/// @param where the name of the event, as `training_step`
/// @param epoch the epoch, or any
/// @param batch the batch, or any
/// @param loader the data loader, or any
/// @param optimizer the optimizer, or any
/// @param firstValidation whether in the first validation of the run only
public record Failure(
        String where,
        OptionalLong epoch,
        OptionalLong batch,
        OptionalLong loader,
        OptionalLong optimizer,
        boolean firstValidation) {
    /// The original's name of what is thrown.
    public static final String KIND = "CustomException";

    /// What stands in parentheses is a remark.
    private static final Phrases<String> EVENTS =
            Phrases.<String>of().say("(\\w+)(?: \\(.*\\))?", said -> said.group(1));

    /// {@return where a case has user code throw; in a training step if nothing is said}
    ///
    /// @param fail what the case says of it
    public static Failure read(Keys fail) {
        return new Failure(
                fail.textIfAny("where").map(EVENTS::read).orElse("training_step"),
                fail.wholeIfAny("epoch"),
                fail.wholeIfAny("batch_idx"),
                fail.wholeIfAny("dataloader_idx"),
                fail.wholeIfAny("optimizer_idx"),
                fail.flag("first validation run", false));
    }

    /// Has the runs of a scenario fail there.
    ///
    /// @param scenario the scenario
    public void in(Scenario scenario) {
        var events = scenario.events();
        events.on(
                where,
                event -> {
                    boolean first = events.count("on_validation_start") == 1;
                    if (at(event.place()) && (!firstValidation || first)) {
                        throw new UserError(KIND, "thrown in " + where);
                    }
                });
    }

    /// {@return whether a place is this one}
    ///
    /// @param place where something happens
    public boolean at(Place place) {
        return fits(epoch, place.epoch())
                && fits(batch, place.batch())
                && fits(loader, place.loader())
                && fits(optimizer, place.optimizer());
    }

    private static boolean fits(OptionalLong wanted, int found) {
        return wanted.isEmpty() || wanted.getAsLong() == found;
    }
}
