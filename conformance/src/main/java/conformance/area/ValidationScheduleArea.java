package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.JsonText;
import conformance.kit.Event;
import conformance.kit.Events;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import loops.core.Resume;

/// When validations take place within a fit, and when sources are asked for.
final class ValidationScheduleArea implements Area {
    private static final Set<String> LOADERS =
            Set.of("train_dataloader", "val_dataloader", "test_dataloader", "predict_dataloader");

    private static final Json EACH_KEY = new Json.Text("each key of expect");

    @Override
    public String name() {
        return "val_schedule";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("run1")) {
            return resumed(setup);
        }
        if (expect.has("constructor_raises")) {
            var flags = setup.fields("trainer");
            return Refused.answers(Refused.by(() -> Scenario.of(flags).trainer()));
        }
        if (expect.has("fit_raises")) {
            var scenario = Scenario.of(setup.fields("trainer"));
            return Refused.answers(Refused.by(scenario::fit));
        }
        boolean table =
                setup.json("trainer") instanceof Fields flags
                        && flags.get("val_check_interval").filter(EACH_KEY::equals).isPresent();
        return table ? table(setup, expect) : run(setup, expect);
    }

    // ---- one run

    private static Answers run(Keys setup, Expectation expect) {
        var flags = setup.fields("trainer");
        var scenario = Scenario.of(flags);
        setup.textIfAny("model").ifPresent(Scenario::requireBoring);
        setup.textIfAny("train_data").ifPresent(said -> trainData(scenario).read(said).run());
        setup.wholeIfAny("train_batches").ifPresent(n -> scenario.trainBatches(Math.toIntExact(n)));
        setup.textIfAny("before_fit").ifPresent(said -> beforeFit(scenario, said));
        var calls = new ArrayList<>(setup.texts("calls"));
        if (calls.isEmpty()) {
            calls.add("fit");
        }
        flags.textIfAny("then").ifPresent(calls::add);
        if (calls.size() == 1 && expect.has("test_dataloader_calls")) {
            calls.add("test");
        }
        calls.forEach(call -> calls(scenario).read(call).run());
        return answers(scenario);
    }

    private static Answers answers(Scenario scenario) {
        var events = scenario.events();
        return scenario.answers()
                .to("val_epochs_without_sanity", () -> validations(events).size())
                .to("val_epochs", () -> validations(events).size())
                .to("val_loop_runs", () -> validations(events).size())
                .to("validations", () -> validations(events))
                .to("validation_after_total_batches", () -> afterBatches(events))
                .to(
                        "validation_at_global_step",
                        () -> validations(events).stream().map(List::getLast).toList())
                .to("progress_bar_total_val_batches_per_epoch", () -> stepsPerEpoch(scenario))
                .to("train_dataloader_called_in_epochs", () -> asked(events, "train_dataloader"))
                .to(
                        "val_dataloader_called_in_epochs",
                        () -> epochs(training(events), "val_dataloader"))
                .to("train_dataloader_epochs", () -> asked(events, "train_dataloader"))
                .to("val_dataloader_epochs", () -> asked(events, "val_dataloader"))
                .to("validation_step_in_epochs", () -> epochs(training(events), "validation_step"))
                .to("sanity_check_epochs", () -> sanityEpochs(events))
                .to(
                        "validation_epochs_incl_sanity",
                        () -> events.each("validation_epoch_end", Event.Place::epoch))
                .to("test_dataloader_calls", () -> events.count("test_dataloader"))
                .to("dataloader_calls", () -> loaders(events))
                .to(
                        "reset_calls",
                        () -> loaders(events).stream().map(name -> "reset_" + name).toList())
                .to("seen", () -> events.each("training_step", ValidationScheduleArea::seen));
    }

    private static List<Number> seen(Event.Place place) {
        return List.of(place.epoch(), place.batch(), place.globalStep());
    }

    /// What began after the sanity check, if there was one.
    private static List<Event> training(Events events) {
        var begun = events.begun().toList();
        return begun.subList(endOfSanityCheck(begun), begun.size());
    }

    private static int endOfSanityCheck(List<Event> begun) {
        for (int i = begun.size(); i > 0; i--) {
            if (begun.get(i - 1).name().equals("Callback.on_sanity_check_end")) {
                return i;
            }
        }
        return 0;
    }

    /// Where each validation begins: the epoch, the batch before it, and the steps so far.
    static List<List<Number>> validations(Events events) {
        var validations = new ArrayList<List<Number>>();
        int batch = -1;
        for (Event event : training(events)) {
            switch (event.name()) {
                case "on_train_batch_end" -> batch = event.place().batch();
                case "on_validation_start" ->
                        validations.add(
                                List.of(event.place().epoch(), batch, event.place().globalStep()));
                default -> {}
            }
        }
        return validations;
    }

    private static List<Integer> afterBatches(Events events) {
        var after = new ArrayList<Integer>();
        int batches = 0;
        for (Event event : training(events)) {
            switch (event.name()) {
                case "on_train_batch_end" -> batches++;
                case "on_validation_start" -> after.add(batches);
                default -> {}
            }
        }
        return after;
    }

    private static List<Long> stepsPerEpoch(Scenario scenario) {
        var steps = new ArrayList<Long>();
        for (int epoch = 0; epoch < scenario.currentEpoch(); epoch++) {
            int one = epoch;
            steps.add(
                    training(scenario.events()).stream()
                            .filter(event -> event.name().equals("validation_step"))
                            .filter(event -> event.place().epoch() == one)
                            .count());
        }
        return steps;
    }

    private static List<Integer> sanityEpochs(Events events) {
        var begun = events.begun().toList();
        return epochs(begun.subList(0, endOfSanityCheck(begun)), "validation_step");
    }

    private static List<Integer> epochs(List<Event> events, String name) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(event -> event.place().epoch())
                .toList();
    }

    private static List<Integer> asked(Events events, String loader) {
        return events.each(loader, Event.Place::epoch);
    }

    private static List<String> loaders(Events events) {
        return events.begun().map(Event::name).filter(LOADERS::contains).toList();
    }

    // ---- what is said in words

    private static Phrases<Runnable> trainData(Scenario scenario) {
        return Phrases.<Runnable>of()
                .say(
                        "iterable of (\\d+) samples, no length",
                        said ->
                                () ->
                                        scenario.loaders()
                                                .train(
                                                        scenario.loaders()
                                                                .source(
                                                                        "train",
                                                                        Integer.parseInt(
                                                                                said.group(1)))
                                                                .unsized()))
                .say(
                        "(\\d+) samples, batch size (\\d+)",
                        said ->
                                () -> {
                                    int samples = Integer.parseInt(said.group(1));
                                    int size = Integer.parseInt(said.group(2));
                                    scenario.trainBatches((samples + size - 1) / size);
                                });
    }

    /// A stop belongs to a run, so it is asked for at the earliest when that begins.
    private static void beforeFit(Scenario scenario, String said) {
        Phrases.<Boolean>of().say("trainer\\.should_stop = true", match -> true).read(said);
        scenario.events().on("on_fit_start", event -> event.run().orElseThrow().stop(said));
    }

    private static Phrases<Runnable> calls(Scenario scenario) {
        return Phrases.<Runnable>of()
                .say("fit(?:\\(model, train, val\\))?", said -> scenario::fit)
                .say("(?:trainer\\.)?test(?:\\(model, test\\))?", said -> scenario::test);
    }

    // ---- several runs

    /// Each question is an interval, and what is expected of it stands below.
    private static Answers table(Keys setup, Expectation expect) {
        var answers = new Answers();
        for (String interval : expect.names()) {
            var flags =
                    setup.fields(
                            "trainer",
                            fields -> fields.with("val_check_interval", JsonText.read(interval)));
            var scenario = Scenario.of(flags);
            answers.to(
                    interval,
                    () -> {
                        scenario.fit();
                        return answers(scenario);
                    });
        }
        return answers;
    }

    /// A second run goes on from the end of a first one.
    private static Answers resumed(Keys setup) {
        var first = setup.fields("run1");
        var second = setup.fields("run2", flags -> over(setup.json("run1"), flags));
        require("save_checkpoint after fit", first.text("then"));
        require("that file", second.text("ckpt_path"));
        try (var workspace = Workspace.create()) {
            var file = workspace.folder().resolve("end.ckpt");
            var one = Scenario.of(first);
            one.events()
                    .on("on_train_end", event -> event.run().orElseThrow().save(file, List.of()));
            one.fit();
            var two = Scenario.of(second);
            two.fit(Resume.from(file));
            var validations = validations(two.events()).size();
            return new Answers().to("run2.val_loop_advance_calls", () -> validations);
        }
    }

    private static void require(String known, String said) {
        Phrases.<Boolean>of().say(Pattern.quote(known), match -> true).read(said);
    }

    /// The flags of a first run and, before them, those of a second.
    private static Fields over(Json first, Fields second) {
        var flags = first instanceof Fields fields ? fields.without("then") : Fields.EMPTY;
        for (var flag : second.entries().entrySet()) {
            flags = flags.with(flag.getKey(), flag.getValue());
        }
        return flags;
    }
}
