package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalInt;
import loops.core.logger.Loggers;
import loops.core.logger.MemoryLogger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Metrics that are saved and loaded anywhere go on as those that were not, bit for bit.
class MetricsLawPropertyTest {
    /// Something that happens to metrics.
    sealed interface Event {
        /// A batch of training or of an evaluation, in which a value is logged.
        record Logged(int samples, String name, double value, List<LogOption> options)
                implements Event {}

        record EpochWritten() implements Event {}

        record StepWritten() implements Event {}

        /// An evaluation of so many data loaders, a value in each batch.
        record Evaluated(int loaders, boolean unseen, List<Double> values) implements Event {}
    }

    private static final List<List<LogOption>> WAYS =
            List.of(
                    List.of(),
                    List.of(LogFlag.ON_STEP, LogFlag.ON_EPOCH),
                    List.of(LogFlag.ON_EPOCH, Reduce.SUM, LogFlag.PROGRESS_BAR),
                    List.of(LogFlag.ON_EPOCH, Reduce.MIN, LogFlag.NO_LOGGER),
                    List.of(Reduce.MAX, LogFlag.ON_STEP, LogFlag.ON_EPOCH, new Samples(3)));

    private static final class Log {
        private final MemoryLogger memory = MemoryLogger.of();
        private final Loggers loggers = Loggers.of(List.of(memory));
        private Metrics metrics = new Metrics();
        private long x;

        void happen(Event event) {
            switch (event) {
                case Event.Logged(int samples, String name, double value, var options) -> {
                    metrics.beginBatch(samples);
                    log(HookPoint.TRAINING_STEP, name, value, options);
                }
                case Event.StepWritten() -> metrics.writeStep(loggers, x++, 0);
                case Event.EpochWritten() -> {
                    metrics.endBatches();
                    metrics.writeEpoch(loggers, x, 0);
                }
                case Event.Evaluated(int loaders, boolean unseen, var values) ->
                        evaluate(loaders, unseen, values);
            }
        }

        private void evaluate(int loaders, boolean unseen, List<Double> values) {
            metrics.beginEvaluation(unseen);
            for (int loader = 0; loader < loaders; loader++) {
                metrics.evaluate(loaders > 1 ? OptionalInt.of(loader) : OptionalInt.empty());
                for (double value : values) {
                    metrics.beginBatch(2);
                    log(HookPoint.VALIDATION_STEP, "val", value + loader, WAYS.get(1));
                    metrics.writeEvaluationStep(loggers, loader);
                }
                metrics.endBatches();
                metrics.evaluated();
            }
            metrics.evaluate(OptionalInt.empty());
            metrics.writeEvaluation(loggers, metrics.evaluated(), x, 0);
            metrics.endEvaluation();
        }

        private void log(HookPoint place, String name, double value, List<LogOption> options) {
            var before = metrics.enter(place);
            metrics.log(name, value, options.toArray(LogOption[]::new));
            metrics.enter(before);
        }

        void saveAndLoad() {
            var loaded = new Metrics();
            loaded.loadStateDict(metrics.stateDict());
            metrics = loaded;
        }
    }

    @Provide
    Arbitrary<List<Event>> events() {
        var values =
                Arbitraries.frequencyOf(
                        Tuple.of(9, Arbitraries.doubles().between(-10, 10)),
                        Tuple.of(1, Arbitraries.just(Double.NaN)));
        var logged =
                Combinators.combine(
                                Arbitraries.integers().between(1, 4),
                                Arbitraries.integers().between(0, WAYS.size() - 1),
                                values)
                        .as((samples, way, value) ->
                                (Event)
                                        new Event.Logged(
                                                samples, "way" + way, value, WAYS.get(way)));
        var evaluated =
                Combinators.combine(
                                Arbitraries.integers().between(1, 2),
                                Arbitraries.of(true, false),
                                values.list().ofMinSize(1).ofMaxSize(3))
                        .as((loaders, unseen, all) ->
                                (Event) new Event.Evaluated(loaders, unseen, all));
        return Arbitraries.frequencyOf(
                        Tuple.of(6, logged),
                        Tuple.of(1, evaluated),
                        Tuple.of(1, Arbitraries.just(new Event.StepWritten())),
                        Tuple.of(1, Arbitraries.just(new Event.EpochWritten())))
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void metricsSavedAndLoadedAnywhereGoOnAsIfUndisturbed(
            @ForAll("events") List<Event> events, @ForAll("cuts") List<Boolean> cuts) {
        var undisturbed = new Log();
        var cut = new Log();

        for (int i = 0; i < events.size(); i++) {
            undisturbed.happen(events.get(i));
            cut.happen(events.get(i));
            if (cuts.get(i)) {
                cut.saveAndLoad();
            }
        }

        assertEquals(undisturbed.metrics.stateDict(), cut.metrics.stateDict());
        assertEquals(undisturbed.metrics.all(), cut.metrics.all());
        assertEquals(undisturbed.metrics.logged(), cut.metrics.logged());
        assertEquals(undisturbed.metrics.progressBar(), cut.metrics.progressBar());
        assertEquals(undisturbed.memory.rows(), cut.memory.rows());
    }

    @Provide
    Arbitrary<List<Boolean>> cuts() {
        return Arbitraries.of(true, false).list().ofSize(20);
    }
}
