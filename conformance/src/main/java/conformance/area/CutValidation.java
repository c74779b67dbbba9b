package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Event.Place;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A fit that fails in a validation, with one data loader and with several.
final class CutValidation {
    private static final Json LAST = new Json.Text("last");
    private static final List<String> NUMBERS = List.of("no", "one", "two", "three", "four");

    /// A fit, and how many data loaders it validates on.
    private record Run(int loaders, CutFit fit) {}

    private CutValidation() {}

    static Answers of(Keys setup, Path folder) {
        var runs = new ArrayList<Run>();
        for (long loaders : setup.wholes("val_dataloaders")) {
            var one = setup.changed(fields -> with((int) loaders, fields));
            runs.add(
                    new Run(
                            (int) loaders,
                            CutFit.failing(one, folder.resolve(Long.toString(loaders)))));
        }
        var answers =
                new Answers()
                        .to("train_batches", () -> trainBatches(runs))
                        .to("val_batches_per_loader", () -> sums(runs, "validation_step"));
        for (Run run : runs) {
            answers.to(
                    "with_%s_loader%s"
                            .formatted(NUMBERS.get(run.loaders()), run.loaders() == 1 ? "" : "s"),
                    () ->
                            new Answers()
                                    .to("before", () -> perLoader(run.fit().cut(), run.loaders()))
                                    .to(
                                            "after",
                                            () -> perLoader(run.fit().resumed(), run.loaders())));
        }
        return answers;
    }

    private static Fields with(int loaders, Fields setup) {
        return setup.with("val_dataloaders", loaders)
                .changed(
                        "fail",
                        fail ->
                                fail instanceof Fields where
                                        ? where.changed(
                                                "dataloader_idx",
                                                said ->
                                                        said.equals(LAST)
                                                                ? Json.of(loaders - 1)
                                                                : said)
                                        : fail);
    }

    private static String trainBatches(List<Run> runs) {
        var first = runs.getFirst().fit();
        return "%s (%d + %d)"
                .formatted(
                        sums(runs, "training_step"),
                        CutFit.made(first.cut(), "training_step").size(),
                        CutFit.made(first.resumed(), "training_step").size());
    }

    private static String sums(List<Run> runs, String step) {
        boolean same = runs.stream().allMatch(run -> run.fit().sameSteps(step));
        return "before + after %s undisturbed".formatted(same ? "==" : "!=");
    }

    private static List<Long> perLoader(Scenario scenario, int loaders) {
        var steps = CutFit.made(scenario, "validation_step").stream().map(Place::loader).toList();
        return IntStream.range(0, loaders)
                .mapToObj(loader -> steps.stream().filter(each -> each == loader).count())
                .toList();
    }
}
