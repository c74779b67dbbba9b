package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.CountedSource;
import conformance.kit.Failure;
import conformance.kit.Loaders;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.CombinedSource;
import tensor.data.CombinedSource.Mode;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// With which data a fit that failed goes on: each row is tried, in the middle of an epoch and of a validation.
final class DataThatGoesOn {
    private static final int BATCHES = 4;

    private static final Phrases<Consumer<Loaders>> DATA =
            Phrases.<Consumer<Loaders>>of()
                    .say("single train loader, sequential", said -> loaders -> {})
                    .say(
                            "two train loaders \\(list or combined\\)",
                            said -> DataThatGoesOn::combined)
                    .say(
                            "two val loaders",
                            said ->
                                    loaders ->
                                            loaders.validation(loaders.several("val", 2, BATCHES)))
                    .say(
                            "val loaders with random sampler",
                            said ->
                                    loaders ->
                                            loaders.validation(List.of(shuffled(1), shuffled(2))))
                    .say("custom RandomSampler", said -> loaders -> loaders.train(shuffled(3)))
                    .say(
                            "iterable without sampler",
                            said ->
                                    loaders ->
                                            loaders.train(
                                                    loaders.source("train", BATCHES).unsized()));

    /// A scenario, and the numbers that its steps were given.
    private record Run(Scenario scenario, List<List<Float>> seen) {}

    private DataThatGoesOn() {}

    static Answers rows(Keys setup, Path folder) {
        var rows = new ArrayList<String>();
        for (String said : setup.texts("rows")) {
            var data = DATA.read(said);
            var place = folder.resolve(Integer.toString(rows.size()));
            boolean goesOn =
                    goesOn("training_step", data, place.resolve("training"))
                            && goesOn("validation_step", data, place.resolve("validation"));
            rows.add(goesOn ? "ok" : "other batches");
        }
        return new Answers().to("rows", () -> rows);
    }

    private static boolean goesOn(String step, Consumer<Loaders> data, Path folder) {
        var runs = new ArrayList<Run>();
        var any = OptionalLong.empty();
        var failure = new Failure(step, OptionalLong.of(1), OptionalLong.of(1), any, any, false);
        var fit =
                CutFit.of(
                        place -> {
                            runs.add(run(data));
                            return runs.getLast().scenario();
                        },
                        failure::in,
                        folder);
        if (runs.size() != 3) {
            throw new NotUnderstoodException("a fit is cut, gone on with and made undisturbed");
        }
        var both =
                Stream.of(runs.getFirst(), runs.get(1))
                        .flatMap(each -> each.seen().stream())
                        .toList();
        return both.equals(runs.getLast().seen()) && fit.sameWeights();
    }

    private static Run run(Consumer<Loaders> data) {
        var run = new Run(Scenario.plain(), new ArrayList<>());
        var scenario = run.scenario();
        scenario.choose(config -> config.maxEpochs(2));
        scenario.loaders().all(BATCHES);
        data.accept(scenario.loaders());
        scenario.script()
                .loss((model, batch, step) -> {
                    var parts = parts(batch);
                    parts.forEach(part -> run.seen().add(numbers(part)));
                    return parts.stream().map(model::loss).reduce(Tensor::add).orElseThrow();
                })
                .validation((model, batch, step) -> run.seen().add(numbers(batch)));
        return run;
    }

    private static List<Batch> parts(Batch batch) {
        return batch.parts().isEmpty() ? List.of(batch) : List.copyOf(batch.parts().values());
    }

    private static List<Float> numbers(Batch batch) {
        var numbers = new ArrayList<Float>();
        for (float number : batch.input().toFloats()) {
            numbers.add(number);
        }
        return numbers;
    }

    private static void combined(Loaders loaders) {
        loaders.train(CombinedSource.of(Mode.MAX_SIZE_CYCLE, loaders.several("train", 2, BATCHES)));
    }

    private static DataLoader shuffled(long seed) {
        var samples = Tensor.uniform(RandomKey.of(seed), Shape.of(BATCHES, CountedSource.FEATURES));
        return DataLoader.of(
                TensorDataset.of(samples), config -> config.shuffle(RandomKey.of(seed)));
    }
}
