package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.kit.Call;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import loops.core.Status;
import loops.core.training.Callback;
import loops.core.training.RunView;

/// What becomes of runs that a callback ends by an exception, or by an interruption.
final class HookErrors {
    private static final Phrases<Map.Entry<String, String>> RAISES =
            Phrases.<Map.Entry<String, String>>of()
                    .say(
                            "callback raises (\\w+) in (\\w+)(?: during \\w+)?",
                            said -> Map.entry(said.group(1), said.group(2)));

    private HookErrors() {}

    static Answers thrownByCallbacks(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        List<Throwable> caught = new ArrayList<>();
        scenario.callback(
                new Callback() {
                    @Override
                    public String stateKey() {
                        return "caught";
                    }

                    @Override
                    public void onException(RunView run, Throwable thrown) {
                        caught.add(thrown);
                    }
                });
        var answers = new Answers();
        for (String name : setup.names()) {
            if (name.equals("trainer")) {
                continue;
            }
            String said = setup.text(name);
            var raises = RAISES.read(said);
            scenario.events()
                    .on(
                            Events.CALLBACK + raises.getValue(),
                            event -> raise(raises.getKey(), event));
            String called = name.equals("then") ? said.replaceFirst(".* during ", "") : name;
            var call = Call.make(scenario, called);
            boolean interrupted = scenario.trainer().status() == Status.INTERRUPTED;
            var last = caught.isEmpty() ? null : caught.getLast();
            answers.to(called + "_raises", () -> Observed.kind(call.thrown().orElse(null)))
                    .to(
                            "after_" + called,
                            () ->
                                    new Answers()
                                            .to("interrupted", () -> interrupted)
                                            .to(
                                                    "on_exception_received",
                                                    () -> Observed.kind(last)));
        }
        return answers;
    }

    private static void raise(String kind, Event event) {
        if (kind.equals("KeyboardInterrupt")) {
            event.run().orElseThrow().interrupt("a callback said so");
        } else {
            throw new UserError(kind, "a callback said so");
        }
    }
}
