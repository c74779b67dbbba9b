package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/// Run to the end = run k steps, save, load into a new scheduler on a new optimizer, run on.
class SchedulerPropertyTest {
    record Named(String name, Function<Optimizer, Scheduler> maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void aLoadedSchedulerGoesOnAsTheOldOneWouldHave(
            @ForAll("schedulers") Named kind,
            @ForAll @IntRange(max = 60) int steps,
            @ForAll @IntRange(max = 60) int cut,
            @ForAll long seed) {
        int at = Math.min(cut, steps);
        Scheduler whole = kind.maker().apply(optimizer());
        Scheduler first = kind.maker().apply(optimizer());
        for (int step = 0; step < at; step++) {
            step(whole, seed, step);
            step(first, seed, step);
        }

        Scheduler second = kind.maker().apply(optimizer());
        second.loadStateDict(first.stateDict());
        second.optimizer().loadStateDict(first.optimizer().stateDict());

        for (int step = at; step < steps; step++) {
            step(whole, seed, step);
            step(second, seed, step);
            assertEquals(settings(whole), settings(second), "step " + step);
        }
        assertEquals(settings(whole), settings(second));
        assertEquals(whole.steps(), second.steps());
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void aScheduleInASequenceRunsAsItDoesAlone(
            @ForAll("schedules") Schedule schedule,
            @ForAll @IntRange(min = 1, max = 20) int milestone,
            @ForAll @IntRange(max = 40) int steps) {
        Scheduler alone = Scheduler.of(optimizer(), schedule);
        Scheduler second =
                Scheduler.of(
                        optimizer(),
                        Schedules.sequential(
                                List.of(Schedules.exponential(0.5), schedule), milestone));
        for (int step = 0; step < milestone; step++) {
            second.step();
        }

        for (int step = 0; step < steps; step++) {
            alone.step();
            second.step();
        }

        assertEquals(settings(alone), settings(second));
    }

    private static Optimizer optimizer() {
        return Optimizer.of(
                Sgd.group(List.of(), 0.1, config -> config.momentum(0.9)),
                Adam.group(List.of(), 0.03));
    }

    private static void step(Scheduler scheduler, long seed, int step) {
        if (scheduler.monitorsMetric()) {
            scheduler.step((double) Math.floorMod(seed >> step % 48, 7));
        } else {
            scheduler.step();
        }
    }

    private static String settings(Scheduler scheduler) {
        StringBuilder text = new StringBuilder();
        for (ParameterGroup group : scheduler.optimizer().groups()) {
            text.append(group.learningRate()).append(' ').append(group.momentum()).append('\n');
        }
        return text.toString();
    }

    @Provide
    Arbitrary<Named> schedulers() {
        Arbitrary<Named> followers =
                schedules().map(it -> new Named(it.toString(), made -> Scheduler.of(made, it)));
        Arbitrary<Named> plateaus =
                Combinators.combine(
                                Arbitraries.integers().between(0, 4),
                                Arbitraries.integers().between(0, 3),
                                Arbitraries.of(true, false))
                        .as((patience, cooldown, maximize) ->
                                new Named(
                                        "ReduceOnPlateau %d %d %s"
                                                .formatted(patience, cooldown, maximize),
                                        made ->
                                                ReduceOnPlateau.of(
                                                        made,
                                                        config -> {
                                                            config.factor(0.7)
                                                                    .patience(patience)
                                                                    .cooldown(cooldown);
                                                            if (maximize) {
                                                                config.maximize();
                                                            }
                                                        })));
        return Arbitraries.frequencyOf(Tuple.of(6, followers), Tuple.of(1, plateaus));
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        Arbitrary<Schedule> simple = simple();
        Arbitrary<Schedule> cosine =
                Arbitraries.integers().between(1, 20).map(steps -> Schedules.cosine(steps, 0.02));
        Arbitrary<Schedule> chained =
                simple.list().ofMinSize(1).ofMaxSize(3).map(Schedules::chained);
        Arbitrary<Schedule> sequential =
                Combinators.combine(simple.list().ofSize(3), Arbitraries.integers().between(1, 15))
                        .as((parts, at) -> Schedules.sequential(parts, at, at + 9));
        return Arbitraries.oneOf(simple, simple, cosine, chained, sequential);
    }

    private static Arbitrary<Schedule> simple() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.doubles().between(0.1, 1).ofScale(3))
                .as(SchedulerPropertyTest::schedule);
    }

    private static Schedule schedule(int kind, int steps, double factor) {
        return switch (kind) {
            case 0 -> Schedules.step(steps, factor);
            case 1 -> Schedules.multiStep(factor, steps, 3, 3);
            case 2 -> Schedules.constant(factor, steps);
            case 3 -> Schedules.linear(factor, 1, steps);
            case 4 -> Schedules.exponential(factor);
            case 5 -> Schedules.polynomial(steps, factor * 2);
            case 6 -> Schedules.cosine(steps, 0);
            case 7 -> Schedules.warmRestarts(steps, 2, factor / 100);
            case 8 -> Schedules.lambda(step -> Math.pow(factor, (double) step));
            case 9 ->
                    Schedules.multiplicative(
                            List.of(step -> step % 2 == 0 ? factor : 1, _ -> 0.99));
            case 10 -> Cyclic.of(0.01, 0.1, config -> config.steps(steps, 5).shrinking(factor));
            case 11 -> OneCycle.of(List.of(0.5, 0.2), steps, config -> config.threePhases());
            default -> OneCycle.of(0.5, steps, config -> config.fixedMomentum());
        };
    }
}
