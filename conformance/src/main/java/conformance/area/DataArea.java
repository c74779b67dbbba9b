package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.CountedDataset;
import conformance.kit.CountedSource;
import conformance.kit.Loaders;
import conformance.kit.Scenario;
import conformance.kit.WatchedSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.CombinedSource;
import tensor.data.CombinedSource.Mode;
import tensor.data.DataLoader;
import tensor.layout.Shape;

/// Where batches come from: sources that are combined, loaders that work ahead, several loaders of a validation.
final class DataArea implements Area {
    private static final String ITERATIONS = "(fetched, batch, done) per iteration";

    @Override
    public String name() {
        return "data";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("loaders")) {
            return combined(setup, expect);
        }
        if (setup.has("train_loaders")) {
            return nested(setup);
        }
        if (setup.has("prefetch_batches")) {
            return setup.isList("dataset") ? ahead(setup) : empty(setup);
        }
        return sums(setup);
    }

    // ---- combined sources

    private static Answers combined(Keys setup, Expectation expect) {
        var sources = new ArrayList<BatchSource>();
        for (Json each : setup.items("loaders")) {
            sources.add(source(each));
        }
        var mode = mode(setup.text("mode"));
        var names = names(expect, sources.size());
        SequencedMap<String, BatchSource> named = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            named.put(names.isEmpty() ? Integer.toString(i) : names.get(i), sources.get(i));
        }
        var combined =
                names.isEmpty() ? CombinedSource.of(mode, sources) : CombinedSource.of(mode, named);
        return new Answers()
                .to(
                        "length",
                        () ->
                                combined.batchCount().isPresent()
                                        ? combined.batchCount().getAsInt()
                                        : Double.POSITIVE_INFINITY)
                .to(
                        "batches",
                        () ->
                                count(
                                        combined,
                                        batch ->
                                                List.copyOf(batch.parts().keySet())
                                                        .equals(List.copyOf(named.keySet()))));
    }

    /// The form of a batch says how sources are put together: by names or in a list. Batches of another form do not
    /// count.
    private static List<String> names(Expectation expect, int count) {
        if (!expect.has("batch_shape")) {
            return List.of();
        }
        boolean listed =
                Phrases.<Boolean>of()
                        .say("dict with (?:both|all) keys", said -> false)
                        .say("list of %d".formatted(count), said -> true)
                        .read(text(expect.input("batch_shape")));
        return listed ? List.of() : LongStream.range(0, count).mapToObj(i -> "key" + i).toList();
    }

    private static BatchSource source(Json said) {
        if (said instanceof Fields fields) {
            var keys = new Keys("loaders", fields);
            var loader = loader(keys.whole("items"), keys.whole("batch_size"));
            if (!keys.unread().isEmpty()) {
                throw new NotUnderstoodException("unknown keys %s".formatted(keys.unread()));
            }
            return loader;
        }
        return Phrases.<BatchSource>of()
                .say(
                        "(iterable|map-style) of (\\d+)(?:, batch (\\d+))?",
                        match -> {
                            long size = match.group(3) == null ? 1 : Long.parseLong(match.group(3));
                            var loader = loader(Long.parseLong(match.group(2)), size);
                            boolean sized = match.group(1).equals("map-style");
                            return new WatchedSource(loader, sized, () -> {});
                        })
                .read(text(said));
    }

    private static DataLoader loader(long items, long batchSize) {
        var numbers = LongStream.range(0, items).boxed().toList();
        return loader(new CountedDataset(numbers), Math.toIntExact(batchSize), 0);
    }

    private static DataLoader loader(CountedDataset numbers, int batchSize, int prefetch) {
        return DataLoader.of(
                numbers,
                samples ->
                        Batch.of(
                                Tensor.stack(
                                        0,
                                        samples.stream()
                                                .map(each -> filled((float) each))
                                                .toArray(Tensor[]::new))),
                config -> config.batchSize(batchSize).prefetch(prefetch));
    }

    private static Tensor filled(float value) {
        return Tensor.full(Shape.of(CountedSource.FEATURES), value);
    }

    private static Mode mode(String said) {
        return switch (said) {
            case "min_size" -> Mode.MIN_SIZE;
            case "max_size_cycle" -> Mode.MAX_SIZE_CYCLE;
            default -> throw new NotUnderstoodException("there is no mode '" + said + "'");
        };
    }

    private static int count(BatchSource source, Predicate<Batch> counts) {
        int count = 0;
        try (var cursor = source.open(0, 0)) {
            while (cursor.hasNext()) {
                count += counts.test(cursor.next()) ? 1 : 0;
            }
        }
        return count;
    }

    /// Sources in sources, whose names stand in one: `{"a_b": [64, 16]}`.
    private static Answers nested(Keys setup) {
        var mode = mode(setup.text("multiple_trainloader_mode"));
        var groups = setup.fields("train_loaders");
        var names = new LinkedHashMap<String, List<String>>();
        SequencedMap<String, BatchSource> outer = new LinkedHashMap<>();
        for (String group : groups.names()) {
            var parts = List.of(group.split("_", -1));
            var lengths = groups.wholes(group);
            SequencedMap<String, BatchSource> inner = new LinkedHashMap<>();
            for (int i = 0; i < lengths.size(); i++) {
                inner.put(parts.get(i), loader(lengths.get(i), 1));
            }
            names.put(group, List.copyOf(inner.keySet()));
            outer.put(group, CombinedSource.of(mode, inner));
        }
        var scenario = Scenario.of(setup);
        scenario.choose(config -> config.maxEpochs(1));
        scenario.loaders().train(CombinedSource.of(mode, outer));
        var seen = new ArrayList<Map<String, List<String>>>();
        scenario.script()
                .loss((model, batch, step) -> {
                    seen.add(structure(batch));
                    return model.loss(first(batch));
                });
        scenario.fit();
        return scenario.answers()
                .to(
                        "batch",
                        () ->
                                seen.stream().allMatch(names::equals)
                                        ? "nested like the loaders"
                                        : seen.toString());
    }

    private static Map<String, List<String>> structure(Batch batch) {
        var structure = new LinkedHashMap<String, List<String>>();
        batch.parts()
                .forEach((name, part) -> structure.put(name, List.copyOf(part.parts().keySet())));
        return structure;
    }

    private static Batch first(Batch batch) {
        return batch.parts().isEmpty() ? batch : first(batch.part(0));
    }

    // ---- loaders that work ahead

    /// What the loop over the batches knows in each step: how many samples were asked for, which it has, and whether
    /// it is the last.
    private static Answers ahead(Keys setup) {
        int prefetch = Math.toIntExact(setup.whole("prefetch_batches"));
        var numbers = new CountedDataset(setup.wholes("dataset"));
        var loader = loader(numbers, 1, prefetch);
        var scenario = Scenario.plain();
        scenario.choose(config -> config.maxEpochs(2));
        scenario.script().validates(false);
        scenario.loaders()
                .train(new WatchedSource(loader, setup.flag("sized", true), numbers::restart));
        var epochs = new ArrayList<List<List<Object>>>();
        scenario.events().on("on_train_epoch_start", event -> epochs.add(new ArrayList<>()));
        scenario.script()
                .loss((model, batch, step) -> {
                    int wanted = Math.min(numbers.size(), step.batchIndex() + 1 + prefetch);
                    epochs.getLast()
                            .add(
                                    List.of(
                                            numbers.asked(wanted),
                                            (long) batch.input().select(1, 0).item(),
                                            last(scenario)));
                    return model.loss(batch);
                });
        scenario.fit();
        return scenario.answers()
                .to(ITERATIONS, epochs::getFirst)
                .to(
                        "second_iteration",
                        () ->
                                epochs.getFirst().equals(epochs.getLast())
                                        ? "same"
                                        : epochs.getLast());
    }

    private static boolean last(Scenario scenario) {
        return scenario.trainer()
                .slots()
                .epoch()
                .get()
                .values()
                .fields("batch_progress")
                .flag("is_last_batch");
    }

    /// What a cursor over nothing says, whatever its loader does.
    private static Answers empty(Keys setup) {
        var sized =
                Phrases.<List<Boolean>>of()
                        .say("empty, sized or iterable", said -> List.of(true, false))
                        .say("empty, sized", said -> List.of(true))
                        .say("empty, iterable", said -> List.of(false))
                        .read(setup.text("dataset"));
        var before = new ArrayList<Boolean>();
        var items = new ArrayList<String>();
        var after = new ArrayList<Boolean>();
        var ahead =
                setup.isList("prefetch_batches")
                        ? setup.wholes("prefetch_batches")
                        : List.of(setup.whole("prefetch_batches"));
        for (long prefetch : ahead) {
            for (boolean says : sized) {
                var loader = loader(new CountedDataset(List.of()), 1, Math.toIntExact(prefetch));
                try (var cursor = new WatchedSource(loader, says, () -> {}).open(0, 0)) {
                    before.add(!cursor.hasNext());
                    while (cursor.hasNext()) {
                        items.add(cursor.next().toString());
                    }
                    after.add(!cursor.hasNext());
                }
            }
        }
        return new Answers()
                .to("done_before", () -> same(before))
                .to("items", () -> items)
                .to("done_after", () -> same(after));
    }

    private static Object same(List<?> answers) {
        return answers.stream().distinct().count() == 1 ? answers.getFirst() : answers;
    }

    // ---- loaders of a validation

    private static Answers sums(Keys setup) {
        var scenario = Scenario.of(setup);
        var sources = new ArrayList<CountedSource>();
        for (Keys loader : setup.rows("val_loaders")) {
            double value = loader.real("value");
            var shape = Shape.of(Math.toIntExact(loader.whole("batch_size")), 1);
            sources.add(
                    CountedSource.of(
                            "val",
                            Loaders.LENGTH,
                            position -> Batch.of(Tensor.full(shape, value)),
                            scenario.events()));
        }
        scenario.loaders().validation(sources);
        var sums = new TreeMap<Integer, List<Double>>();
        scenario.script()
                .validation((model, batch, step) ->
                        sums.computeIfAbsent(step.loaderIndex(), none -> new ArrayList<>())
                                .add(batch.input().sum().item()));
        scenario.validate();
        var ofLoaders = new TreeMap<String, Object>();
        sums.forEach((loader, all) -> ofLoaders.put(Integer.toString(loader), same(all)));
        return scenario.answers().to("batch_sum_by_dataloader_idx", () -> ofLoaders);
    }

    private static String text(Json json) {
        if (json instanceof Json.Text(String text)) {
            return text;
        }
        throw new NotUnderstoodException(json + " needs to be a text");
    }
}
