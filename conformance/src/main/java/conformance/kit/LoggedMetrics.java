package conformance.kit;

import conformance.check.Answers;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import loops.core.logger.MemoryLogger;
import loops.core.training.EvaluationResult;
import loops.core.training.Metrics;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;

/// What cases ask about the metrics of a run: those that monitor, loggers and the progress bar have seen.
public final class LoggedMetrics {
    private LoggedMetrics() {}

    /// {@return the metrics of a run, as the original calls its three views of them}
    ///
    /// @param run what the last hook looked at
    public static Map<String, Map<String, Double>> views(RunView run) {
        var metrics = run.metrics();
        return Map.of(
                "callback_metrics", metrics.all(),
                "progress_bar_metrics", metrics.progressBar(),
                "logged_metrics", metrics.logged());
    }

    /// {@return the names of metrics, sorted}
    ///
    /// @param metrics metrics by name
    public static List<String> names(SequencedMap<String, Double> metrics) {
        return metrics.keySet().stream().sorted().toList();
    }

    /// Adds answers about a scenario that has been run.
    ///
    /// @param answers the answers
    /// @param scenario the scenario, with a logger in memory
    /// @return the answers
    public static Answers add(Answers answers, Scenario scenario) {
        return answers.to("logged_metrics", () -> metrics(scenario).logged())
                .to("callback_metrics", () -> metrics(scenario).all())
                .to("progress_bar_metrics", () -> metrics(scenario).progressBar())
                .to("logged_metrics_keys", () -> names(metrics(scenario).logged()))
                .to("callback_metrics_keys", () -> names(metrics(scenario).all()))
                .to("progress_bar_metrics_keys", () -> names(metrics(scenario).progressBar()))
                .to(
                        "logger_calls",
                        () -> scenario.rows().stream().map(LoggedMetrics::call).toList())
                .to("logger_steps", () -> each(scenario, MemoryLogger.Row::step))
                .to("log_metrics_calls", () -> scenario.rows().size())
                .to("keys_per_call", () -> each(scenario, row -> names(row.metrics())))
                .to(
                        "logged_keys",
                        () ->
                                scenario.rows().stream()
                                        .flatMap(row -> row.metrics().keySet().stream())
                                        .distinct()
                                        .sorted()
                                        .toList());
    }

    /// Adds answers about what an evaluation came to.
    ///
    /// @param answers the answers
    /// @param result the result
    /// @return the answers
    public static Answers add(Answers answers, EvaluationResult result) {
        return answers.to("results", result::loaders)
                .to("trainer.test() returns", result::loaders)
                .to("results_keys", () -> namesOfEach(result));
    }

    /// {@return the names of the metrics of each data loader}
    ///
    /// @param result what an evaluation came to
    public static List<List<String>> namesOfEach(EvaluationResult result) {
        return result.loaders().stream().map(LoggedMetrics::names).toList();
    }

    private static Metrics metrics(Scenario scenario) {
        return scenario.events().latestRun().orElseThrow().metrics();
    }

    private static Map<String, Object> call(MemoryLogger.Row row) {
        return Map.of("metrics", row.metrics(), "step", row.step());
    }

    private static List<? extends @Nullable Object> each(
            Scenario scenario, java.util.function.Function<MemoryLogger.Row, Object> what) {
        return scenario.rows().stream().map(what).toList();
    }
}
