package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.kit.Event;
import conformance.kit.HookNames;
import conformance.kit.Refused;
import conformance.kit.Same;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.Status;
import org.jspecify.annotations.Nullable;

/// How a trainer stands: before a run, and after one that was interrupted.
final class TrainerStateArea implements Area {
    @Override
    public String name() {
        return "trainer_state";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (!setup.has("callback")) {
            return answers(Scenario.of(setup.fields("trainer")));
        }
        var raise = Raise.read(setup.text("callback"));
        List<Optional<Throwable>> thrown = new ArrayList<>();
        List<Object> interrupted = new ArrayList<>();
        for (Keys flags : setup.rows("trainer")) {
            var scenario = Scenario.of(flags);
            scenario.events().on("Callback." + raise.hook(), raise::in);
            thrown.add(Refused.by(scenario::fit));
            interrupted.add(scenario.trainer().status() == Status.INTERRUPTED);
        }
        return new Answers()
                .to("interrupted", () -> Same.of(interrupted))
                .to("fit_raises", () -> Observed.kind(first(thrown)));
    }

    private static @Nullable Throwable first(List<Optional<Throwable>> thrown) {
        return thrown.stream().flatMap(Optional::stream).findFirst().orElse(null);
    }

    private static Answers answers(Scenario scenario) {
        var trainer = scenario.trainer();
        var activity = trainer.activity().map(HookNames::stage);
        return new Answers()
                .to("status", () -> status(trainer.status()))
                .to("fn", () -> activity)
                .to("stage", () -> activity);
    }

    private static String status(Status status) {
        return status == Status.READY ? "INITIALIZING" : status.name();
    }

    /// What a callback throws, and where. Whoever interrupts a program asks its run for an end.
    private record Raise(String kind, String hook) {
        static Raise read(String phrase) {
            return Phrases.<Raise>of()
                    .say("raises (\\w+) in (\\w+)", said -> new Raise(said.group(1), said.group(2)))
                    .read(phrase);
        }

        void in(Event event) {
            if (!kind.equals("KeyboardInterrupt")) {
                throw new UserError(kind, "thrown in " + hook);
            }
            event.run()
                    .orElseThrow(() -> new NotUnderstoodException(hook + " interrupts nothing"))
                    .interrupt("a callback said so");
        }
    }
}
