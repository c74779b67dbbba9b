package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.kit.CountedSource;
import conformance.kit.Same;
import conformance.kit.Scenario;
import conformance.kit.WrittenPredictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.callback.PredictionWriter.Interval;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// What a prediction gives, and what is written of it.
final class PredictArea implements Area {
    @Override
    public String name() {
        return "predict";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        return setup.has("return_predictions") ? returned(setup) : written(setup);
    }

    /// Where nothing is said of it, batches and epochs are written.
    private static Answers written(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        var interval = interval(setup.textIfAny("write_interval").orElse("batch_and_epoch"));
        var written = new WrittenPredictions(interval);
        scenario.callback(written);
        if (setup.has("loader")) {
            var loader = setup.fields("loader");
            scenario.loaders()
                    .prediction(
                            List.of(
                                    loader(
                                            Math.toIntExact(loader.whole("items")),
                                            Math.toIntExact(loader.whole("batch_size")))));
        }
        var lengths = setup.wholes("predict_loaders");
        if (!lengths.isEmpty()) {
            var sources = new ArrayList<CountedSource>();
            lengths.forEach(length ->
                    sources.add(
                            scenario.loaders()
                                    .source("predict" + sources.size(), Math.toIntExact(length))));
            scenario.loaders().prediction(sources);
        }
        var predictions = scenario.predict();
        return scenario.answers()
                .to("write_on_batch_end_calls", () -> written.batches().size())
                .to("write_on_epoch_end_calls", () -> written.epochs().size())
                .to("batch_indices", written::batches)
                .to("epoch_indices", () -> Same.of(written.epochs()))
                .to("results_length", predictions::size)
                .to(
                        "batches_per_loader",
                        () -> Same.of(predictions.stream().map(List::size).toList()));
    }

    private static Interval interval(String name) {
        return switch (name) {
            case "batch" -> Interval.BATCH;
            case "epoch" -> Interval.EPOCH;
            case "batch_and_epoch" -> Interval.BATCH_AND_EPOCH;
            default -> throw new NotUnderstoodException("there is no interval '" + name + "'");
        };
    }

    private static DataLoader loader(int items, int batchSize) {
        var samples = Tensor.uniform(RandomKey.of(7), Shape.of(items, CountedSource.FEATURES));
        return DataLoader.of(TensorDataset.of(samples), config -> config.batchSize(batchSize));
    }

    // ---- whether predictions are kept

    private static Answers returned(Keys setup) {
        var results = new ArrayList<Optional<String>>();
        var flags = setup.fields("trainer");
        for (Json keeps : setup.items("return_predictions")) {
            var scenario = Scenario.of(flags);
            if (keeps instanceof Json.Flag(boolean on)) {
                scenario.choose(config -> config.keepPredictions(on));
            } else if (!(keeps instanceof Json.Null)) {
                throw new NotUnderstoodException(keeps + " is neither true nor false");
            }
            results.add(batches(scenario.predict()));
        }
        return new Answers().to("results", () -> results);
    }

    private static Optional<String> batches(List<List<Tensor>> predictions) {
        int count = predictions.stream().mapToInt(List::size).sum();
        return count == 0
                ? Optional.empty()
                : Optional.of(count == 1 ? "1 batch" : count + " batches");
    }
}
