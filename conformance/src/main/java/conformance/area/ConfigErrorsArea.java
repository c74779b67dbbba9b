package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/// What is refused or warned of because something is missing, or because a number is none.
final class ConfigErrorsArea implements Area {
    private static final String RELOAD = "reload_dataloaders_every_n_epochs";

    @Override
    public String name() {
        return "config_errors";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has(RELOAD)) {
            return Refused.all(
                    setup.items(RELOAD).stream().map(ConfigErrorsArea::reloads).toList());
        }
        var rows = setup.texts("rows");
        return expect.has("warning_contains") ? warnings(rows) : refusals(rows);
    }

    private static Optional<Throwable> reloads(Json epochs) {
        var flags = new Keys("", Fields.EMPTY.with(RELOAD, epochs));
        return Refused.by(() -> Scenario.of(flags).trainer());
    }

    // ---- what is missing

    private static Answers refusals(List<String> rows) {
        var thrown = new ArrayList<Optional<Throwable>>();
        rows.forEach(row -> thrown.add(Refused.by(run(row))));
        return Refused.all(thrown)
                .to(
                        "message_contains",
                        () ->
                                thrown.stream()
                                        .map(each -> Observed.message(each.orElse(null)))
                                        .toList());
    }

    private static Supplier<@Nullable Object> run(String row) {
        return Phrases.<Supplier<@Nullable Object>>of()
                .say("validate without validation_step", said -> () -> stepless().validate())
                .say("test without test_step", said -> () -> stepless().test())
                .say("predict with predict_step null", said -> () -> stepless().predict())
                .read(row);
    }

    private static Scenario stepless() {
        var scenario = Scenario.plain();
        scenario.script().validates(false);
        return scenario;
    }

    private static Answers warnings(List<String> rows) {
        var said = new ArrayList<Observed>();
        for (String row : rows) {
            var scenario = Scenario.plain();
            scenario.choose(config -> config.fastDevRun(1));
            missing(row).accept(scenario);
            scenario.fit();
            said.add(
                    Observed.said(
                            scenario.log().lines(Level.WARNING).stream().findFirst().orElse(null)));
        }
        return new Answers().to("warning_contains", () -> said);
    }

    private static Consumer<Scenario> missing(String row) {
        return Phrases.<Consumer<Scenario>>of()
                .say(
                        "val_dataloader but no validation_step",
                        said -> scenario -> scenario.script().validates(false))
                .say(
                        "validation_step but no val_dataloader",
                        said -> scenario -> scenario.loaders().validation(List.of()))
                .read(row);
    }
}
