package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.kit.ProgressLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import loops.api.Counts;
import loops.api.LoopState;
import loops.api.Progress;
import loops.api.Stage;

/// Counters of progress: what the calls on them do.
final class ProgressTrackerArea implements Area {
    private static final Map<String, Set<Stage>> TRACKERS =
            Map.of(
                    "ReadyCompletedTracker", Progress.READY_COMPLETED,
                    "StartedTracker", Progress.READY_STARTED_COMPLETED,
                    "ProcessedTracker", Progress.ALL);

    private static final Phrases<Consumer<ProgressLoop>> CALLS =
            Phrases.<Consumer<ProgressLoop>>of()
                    .say("increment_(\\w+?)(?:\\(\\))?", said -> incrementing("", said.group(1)))
                    .say("reset(?:\\(\\))?", said -> each(Progress::reset))
                    .say("reset_on_run(?:\\(\\))?", said -> each(Progress::resetCurrent))
                    .say("reset_on_restart(?:\\(\\))?", said -> ProgressLoop::restart);

    private static final Phrases<ProgressLoop> MADE =
            Phrases.<ProgressLoop>of()
                    .say("(?:Base|Batch)?Progress\\(\\)", said -> ProgressLoop.of(Progress.ALL))
                    .say(
                            "(?:DataLoader|Scheduler)Progress\\(\\)",
                            said -> ProgressLoop.of(Progress.READY_COMPLETED))
                    .say("(\\w+Tracker)\\(\\)", said -> ProgressLoop.of(stages(said.group(1))))
                    .say(
                            "OptimizerProgress\\(\\)",
                            said ->
                                    new ProgressLoop(
                                            parts(
                                                    "step", Progress.READY_COMPLETED,
                                                    "zero_grad", Progress.READY_STARTED_COMPLETED)))
                    .say(
                            "Progress\\((?:total=)?(\\w+)\\(\\), (?:current=)?(\\w+)\\(\\)\\)",
                            said -> ofTwo(stages(said.group(1)), stages(said.group(2))))
                    .say(
                            "Progress\\.from_defaults\\((\\w+)((?:, \\w+=\\d+)*)\\)",
                            said -> withDefaults(stages(said.group(1)), said.group(2)));

    @Override
    public String name() {
        return "progress_tracker";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("tracker")) {
            return tracker(setup);
        }
        if (setup.has("objects")) {
            return setup.has("call") ? named(setup) : copied(setup);
        }
        return setup.has("progress") ? called(setup) : made(setup);
    }

    private static Answers tracker(Keys setup) {
        var stages = stages(setup.text("tracker"));
        var loop = ProgressLoop.of(stages);
        var value = counts(setup.fields("value"), stages);
        loop.only().set(value, value);
        CALLS.read(setup.text("call")).accept(loop);
        return new Answers().to("value", () -> values(loop.only().current(), stages));
    }

    private static Answers made(Keys setup) {
        String call = setup.text("call");
        try {
            return snapshot(MADE.read(call));
        } catch (IllegalArgumentException e) {
            return failure(e);
        }
    }

    private static Answers called(Keys setup) {
        var loop = MADE.read(setup.text("progress"));
        var calls = new ArrayList<String>();
        setup.maybe("call").ifPresent(call -> calls.add(setup.text("call")));
        calls.addAll(setup.texts("calls"));
        var steps = new ArrayList<Answers>();
        var failures = new LinkedHashMap<String, Answers>();
        for (String call : calls) {
            try {
                CALLS.read(call).accept(loop);
            } catch (IllegalArgumentException e) {
                failures.put(call.replace("()", ""), failure(e));
            }
            var now = values(loop);
            steps.add(
                    new Answers()
                            .to("after", () -> call)
                            .to("total", () -> now.get("total"))
                            .to("current", () -> now.get("current")));
        }
        var answers = snapshot(loop).to("steps", () -> steps);
        failures.forEach((call, failure) -> answers.to(call, () -> failure));
        return answers;
    }

    private static Answers named(Keys setup) {
        var objects = new LinkedHashMap<String, ProgressLoop>();
        var assignment =
                Phrases.<ProgressLoop>of()
                        .say(
                                "\\s*(\\w+) = (.*?)\\s*",
                                said -> {
                                    var loop = MADE.read(said.group(2));
                                    objects.put(said.group(1), loop);
                                    return loop;
                                });
        for (String each : setup.text("objects").split(";", -1)) {
            assignment.read(each);
        }
        Phrases.<Runnable>of()
                .say(
                        "(\\w+)\\.(\\w+)\\.increment_(\\w+)\\(\\)",
                        said ->
                                () ->
                                        incrementing(said.group(2), said.group(3))
                                                .accept(objects.get(said.group(1))))
                .read(setup.text("call"))
                .run();
        var answers = new Answers();
        objects.forEach((object, loop) ->
                loop.parts()
                        .forEach((part, progress) -> {
                            var path = object + "." + part;
                            put(answers, path + ".total", progress.total());
                            put(answers, path + ".current", progress.current());
                        }));
        return answers;
    }

    private static void put(Answers answers, String path, Counts counts) {
        for (Stage stage : Stage.values()) {
            answers.to(path + "." + stage.key(), () -> count(counts, stage));
        }
    }

    /// A copy is a new object that has taken over the state.
    private static Answers copied(Keys setup) {
        String said = "no error";
        for (String object : setup.texts("objects")) {
            var loop = MADE.read(object);
            loop.parts().values().forEach(progress -> progress.increment(Stage.READY));
            var copy = MADE.read(object);
            copy.loadStateDict(loop.stateDict());
            loop.parts().values().forEach(Progress::reset);
            if (copy.parts().values().stream().anyMatch(part -> part.total().ready() != 1)) {
                said = "the copy of %s is not its own".formatted(object);
            }
        }
        String outcome = said;
        return new Answers().to("deep_copy", () -> outcome);
    }

    private static Answers snapshot(ProgressLoop loop) {
        return new Answers()
                .to("total", () -> values(loop).get("total"))
                .to("current", () -> values(loop).get("current"));
    }

    private static Map<String, Map<String, Long>> values(ProgressLoop loop) {
        var progress = loop.only();
        var stages = loop.stages().values().iterator().next();
        return Map.of(
                "total", values(progress.total(), stages),
                "current", values(progress.current(), stages));
    }

    private static Answers failure(IllegalArgumentException thrown) {
        return new Answers()
                .to("error_kind", () -> Observed.kind(thrown))
                .to("message_contains", () -> Observed.message(thrown))
                .to("message_regex", () -> Observed.message(thrown));
    }

    private static Consumer<ProgressLoop> incrementing(String part, String key) {
        return loop -> {
            var progress = part.isEmpty() ? loop.only() : loop.parts().get(part);
            if (progress == null) {
                throw new NotUnderstoodException(
                        "there is no '%s' among %s".formatted(part, loop.parts().keySet()));
            }
            progress.increment(stage(key));
        };
    }

    private static Consumer<ProgressLoop> each(Consumer<Progress> change) {
        return loop -> loop.parts().values().forEach(change);
    }

    /// Total and current count the same stages, so two that differ can meet in a saved state only.
    private static ProgressLoop ofTwo(Set<Stage> total, Set<Stage> current) {
        var loop = ProgressLoop.of(total);
        loop.loadStateDict(
                LoopState.Fields.of(
                        ProgressLoop.ONLY,
                        LoopState.Fields.of("total", saved(Counts.ZERO, total))
                                .with("current", saved(Counts.ZERO, current))));
        return loop;
    }

    private static ProgressLoop withDefaults(Set<Stage> stages, String given) {
        var counts = new LinkedHashMap<Stage, Long>();
        for (String each : given.split(", ", -1)) {
            if (!each.isEmpty()) {
                counts.put(
                        stage(each.substring(0, each.indexOf('='))),
                        Long.valueOf(each.substring(each.indexOf('=') + 1)));
            }
        }
        var loop = ProgressLoop.of(stages);
        var value = counts(counts);
        loop.only().set(value, value);
        return loop;
    }

    private static Set<Stage> stages(String tracker) {
        var stages = TRACKERS.get(tracker);
        if (stages == null) {
            throw new NotUnderstoodException(
                    "there is no tracker '%s'; there are %s"
                            .formatted(tracker, TRACKERS.keySet().stream().sorted().toList()));
        }
        return stages;
    }

    private static Stage stage(String key) {
        return List.of(Stage.values()).stream()
                .filter(stage -> stage.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new NotUnderstoodException("there is no stage '" + key + "'"));
    }

    private static Counts counts(Keys value, Set<Stage> stages) {
        var counts = new LinkedHashMap<Stage, Long>();
        stages.forEach(stage -> counts.put(stage, value.whole(stage.key())));
        return counts(counts);
    }

    private static Counts counts(Map<Stage, Long> counts) {
        return new Counts(
                counts.getOrDefault(Stage.READY, 0L),
                counts.getOrDefault(Stage.STARTED, 0L),
                counts.getOrDefault(Stage.PROCESSED, 0L),
                counts.getOrDefault(Stage.COMPLETED, 0L));
    }

    private static Map<String, Long> values(Counts counts, Set<Stage> stages) {
        var values = new LinkedHashMap<String, Long>();
        stages.stream().sorted().forEach(stage -> values.put(stage.key(), count(counts, stage)));
        return values;
    }

    private static LoopState.Fields saved(Counts counts, Set<Stage> stages) {
        var fields = LoopState.Fields.empty();
        for (var entry : values(counts, stages).entrySet()) {
            fields = fields.with(entry.getKey(), new LoopState.Num(entry.getValue()));
        }
        return fields;
    }

    private static long count(Counts counts, Stage stage) {
        return switch (stage) {
            case READY -> counts.ready();
            case STARTED -> counts.started();
            case PROCESSED -> counts.processed();
            case COMPLETED -> counts.completed();
        };
    }

    private static Map<String, Set<Stage>> parts(
            String first, Set<Stage> stages, String second, Set<Stage> others) {
        var parts = new LinkedHashMap<String, Set<Stage>>();
        parts.put(first, stages);
        parts.put(second, others);
        return parts;
    }
}
