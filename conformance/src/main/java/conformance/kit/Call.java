package conformance.kit;

import conformance.check.NotUnderstoodException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import loops.core.Resume;

/// One call of a trainer, with what happened in it.
///
/// @param name what was called: `fit`, `validate`, `test` or `predict`
/// @param events what happened, in order
/// @param thrown what was thrown, if anything
public record Call(String name, List<Event> events, Optional<Throwable> thrown) {
    /// Copies the list.
    public Call {
        events = List.copyOf(events);
    }

    /// {@return a call that is made now}
    ///
    /// @param scenario the scenario
    /// @param name what is called
    /// @throws NotUnderstoodException if a trainer has no such method
    public static Call make(Scenario scenario, String name) {
        return make(scenario, name, () -> run(scenario, name));
    }

    /// {@return a call that is made now, with a checkpoint}
    ///
    /// @param scenario the scenario
    /// @param name what is called
    /// @param from a fit goes on from there; what measures takes its values from there
    /// @throws NotUnderstoodException if a trainer has no such method
    public static Call make(Scenario scenario, String name, Resume from) {
        return make(scenario, name, () -> run(scenario, name, from));
    }

    /// {@return a call that is made now}
    ///
    /// @param scenario the scenario
    /// @param name what is called
    /// @param body calls it
    public static Call make(Scenario scenario, String name, Runnable body) {
        var all = scenario.events().all();
        int before = all.size();
        var thrown =
                Refused.by(() -> {
                    body.run();
                    return name;
                });
        return new Call(name, all.subList(before, all.size()), thrown);
    }

    private static void run(Scenario scenario, String name) {
        switch (name) {
            case "fit" -> scenario.fit();
            case "validate" -> scenario.validate();
            case "test" -> scenario.test();
            case "predict" -> scenario.predict();
            default -> throw new NotUnderstoodException("a trainer cannot " + name);
        }
    }

    private static void run(Scenario scenario, String name, Resume from) {
        var trainer = scenario.trainer();
        var model = scenario.model();
        var data = scenario.loaders();
        Supplier<?> call =
                switch (name) {
                    case "fit" -> () -> trainer.fit(model, data, from);
                    case "validate" -> () -> trainer.validate(model, data, from);
                    case "test" -> () -> trainer.test(model, data, from);
                    case "predict" -> () -> trainer.predict(model, data, from);
                    default -> throw new NotUnderstoodException("a trainer cannot " + name);
                };
        var _ = scenario.log().<Object>during(call::get);
    }

    /// {@return how often something began}
    ///
    /// @param which says what
    public int count(Predicate<String> which) {
        return begun(which).size();
    }

    /// {@return the epochs in which something began}
    ///
    /// @param event its name
    public List<Integer> epochs(String event) {
        return begun(event::equals).stream().map(each -> each.place().epoch()).toList();
    }

    /// {@return what began, in order}
    ///
    /// @param which says what
    public List<Event> begun(Predicate<String> which) {
        return events.stream()
                .filter(Event::entered)
                .filter(each -> which.test(each.name()))
                .toList();
    }
}
