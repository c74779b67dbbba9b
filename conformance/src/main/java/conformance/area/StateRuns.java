package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Failure;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import loops.core.Resume;

/// Several runs one after the other, each by a trainer of its own, in one folder.
final class StateRuns {
    private static final String SANITY = "num_sanity_val_steps";

    private StateRuns() {}

    static Answers made(Keys setup, Path folder) {
        var answers = new Answers();
        int number = 1;
        for (Json run : setup.items("runs")) {
            var observed =
                    switch (run) {
                        case Json.Text(String said) -> run(setup, folder, said);
                        case Fields fields -> failing(setup, folder, fields);
                        default -> throw new NotUnderstoodException(run + " is no run");
                    };
            answers.to("run" + number++, () -> observed);
        }
        return answers;
    }

    private static Answers run(Keys setup, Path folder, String said) {
        return Phrases.<Supplier<Answers>>of()
                .say(
                        "no failure",
                        match ->
                                () ->
                                        ended(
                                                StateScenario.of(setup, folder),
                                                folder,
                                                Resume.never()))
                .say(
                        "resume from (\\S+) without failure( \\(default sanity steps\\))?",
                        match ->
                                () ->
                                        ended(
                                                StateScenario.of(
                                                        setup,
                                                        folder,
                                                        match.group(2) == null
                                                                ? UnaryOperator.identity()
                                                                : flags -> flags.without(SANITY)),
                                                folder,
                                                Resume.from(folder.resolve(match.group(1)))))
                .read(said)
                .get();
    }

    private static Answers failing(Keys setup, Path folder, Fields run) {
        var keys = new Keys("runs", run);
        var scenario = StateScenario.of(setup, folder);
        Failure.read(keys.fields("fail")).in(scenario);
        if (!keys.unread().isEmpty()) {
            throw new NotUnderstoodException("unknown keys " + keys.unread());
        }
        return ended(scenario, folder, Resume.never());
    }

    private static Answers ended(Scenario scenario, Path folder, Resume resume) {
        var thrown = Refused.by(() -> scenario.fit(resume));
        boolean written = Files.exists(folder.resolve(StateScenario.AUTO_SAVE));
        var state = StateScenario.memory(scenario);
        return Refused.answers(thrown)
                .to("auto_save_written", () -> written)
                .to("global_step", scenario::globalStep)
                .to("fit_loop_state", () -> StateScenario.flat(state))
                .to("checkpoint_fit_loop_state", () -> StateScenario.flat(state));
    }
}
