package tensor.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.fixtures.Fixture;

/// Schedulers against PyTorch, step by step.
class SchedulerFixtureTest {
    private static final double RELATIVE = 1e-12;
    private static final double ABSOLUTE = 1e-15;

    @TestFactory
    Stream<DynamicTest> ratesAndMomentaAreThoseOfPyTorchAtEveryStep() {
        return Fixture.casesOf("schedulers.json").stream()
                .map(it -> dynamicTest(it.text("id"), () -> check(it)));
    }

    private static void check(Fixture fixture) {
        double momentum = fixture.number("optimizer_momentum", 0);
        List<ParameterGroup> groups =
                Arrays.stream(fixture.numbers("initial_lrs"))
                        .mapToObj(rate -> Sgd.group(List.of(), rate, it -> it.momentum(momentum)))
                        .toList();
        Optimizer optimizer = Optimizer.of(groups);
        Fixture args = fixture.object("args");
        Scheduler scheduler =
                fixture.text("scheduler").equals("ReduceLROnPlateau")
                        ? plateau(optimizer, args)
                        : Scheduler.of(optimizer, schedule(fixture));

        List<double[]> expected = rows(fixture, "lrs");
        assertRow(expected.getFirst(), groups.stream().map(ParameterGroup::learningRate), 0);
        for (int step = 1; step < expected.size(); step++) {
            if (scheduler instanceof ReduceOnPlateau plateau) {
                plateau.step(fixture.numbers("metrics")[step - 1]);
                assertArrayEquals(
                        rows(fixture, "bad_epochs_and_cooldown").get(step - 1),
                        new double[] {plateau.badSteps(), plateau.cooldownLeft()});
            } else {
                scheduler.step();
            }
            assertRow(expected.get(step), groups.stream().map(ParameterGroup::learningRate), step);
            if (fixture.has("momenta")) {
                assertRow(
                        rows(fixture, "momenta").get(step),
                        groups.stream().map(group -> group.momentum().orElseThrow()),
                        step);
            }
        }
        assertEquals(40, scheduler.steps());
    }

    private static void assertRow(double[] expected, Stream<Double> actual, int step) {
        double[] found = actual.mapToDouble(it -> it).toArray();
        for (int i = 0; i < expected.length; i++) {
            double tolerance = ABSOLUTE + RELATIVE * Math.abs(expected[i]);
            assertEquals(expected[i], found[i], tolerance, "group " + i + " at step " + step);
        }
    }

    private static List<double[]> rows(Fixture fixture, String name) {
        List<double[]> rows = new ArrayList<>();
        for (Object row : fixture.array(name)) {
            rows.add(
                    ((List<?>) Objects.requireNonNull(row))
                            .stream().mapToDouble(it -> ((Number) it).doubleValue()).toArray());
        }
        return rows;
    }

    private static Schedule schedule(Fixture fixture) {
        Fixture args = fixture.object("args");
        return switch (fixture.text("scheduler")) {
            case "StepLR" -> Schedules.step(whole(args, "step_size"), args.number("gamma"));
            case "MultiStepLR" ->
                    Schedules.multiStep(args.number("gamma"), wholes(args, "milestones"));
            case "ConstantLR" ->
                    Schedules.constant(args.number("factor"), whole(args, "total_iters"));
            case "LinearLR" ->
                    Schedules.linear(
                            args.number("start_factor"),
                            args.number("end_factor"),
                            whole(args, "total_iters"));
            case "ExponentialLR" -> Schedules.exponential(args.number("gamma"));
            case "PolynomialLR" ->
                    Schedules.polynomial(whole(args, "total_iters"), args.number("power"));
            case "CosineAnnealingLR" ->
                    Schedules.cosine(whole(args, "T_max"), args.number("eta_min"));
            case "CosineAnnealingWarmRestarts" ->
                    Schedules.warmRestarts(
                            whole(args, "T_0"), whole(args, "T_mult"), args.number("eta_min"));
            case "LambdaLR" ->
                    args.entries().get("lr_lambda") instanceof List<?> formulas
                            ? Schedules.lambda(
                                    formulas.stream().map(it -> formula((String) it)).toList())
                            : Schedules.lambda(formula(args.text("lr_lambda")));
            case "MultiplicativeLR" -> Schedules.multiplicative(formula(args.text("lr_lambda")));
            case "CyclicLR" -> cyclic(args);
            case "OneCycleLR" -> oneCycle(args);
            case "SequentialLR" ->
                    Schedules.sequential(
                            args.list("schedulers").stream()
                                    .map(SchedulerFixtureTest::schedule)
                                    .toList(),
                            wholes(args, "milestones"));
            case "ChainedScheduler" ->
                    Schedules.chained(
                            args.list("schedulers").stream()
                                    .map(SchedulerFixtureTest::schedule)
                                    .toList());
            default -> throw new IllegalArgumentException(fixture.text("scheduler"));
        };
    }

    private static LongToDoubleFunction formula(String formula) {
        return switch (formula) {
            case "0.95^epoch" -> step -> Math.pow(0.95, (double) step);
            case "min(1, (epoch+1)/8)" -> step -> Math.min(1, (step + 1) / 8.0);
            case "16^-0.5 * min((epoch+1)^-0.5, (epoch+1)*10^-1.5)" ->
                    step ->
                            Math.pow(16, -0.5)
                                    * Math.min(
                                            Math.pow((double) step + 1, -0.5),
                                            (step + 1) * Math.pow(10, -1.5));
            case "1/(1+epoch)" -> step -> 1.0 / (1 + step);
            case "1 - epoch/50" -> step -> 1 - step / 50.0;
            case "0.9 when epoch is even, else 1.0" -> step -> step % 2 == 0 ? 0.9 : 1.0;
            default -> throw new IllegalArgumentException(formula);
        };
    }

    private static Schedule cyclic(Fixture args) {
        return Cyclic.of(
                args.number("base_lr"),
                args.number("max_lr"),
                config -> {
                    long up = whole(args, "step_size_up");
                    config.steps(up, (long) args.number("step_size_down", (double) up));
                    switch (args.text("mode")) {
                        case "triangular2" -> config.halving();
                        case "exp_range" -> config.shrinking(args.number("gamma"));
                        default -> assertEquals("triangular", args.text("mode"));
                    }
                    if (args.has("cycle_momentum") && !args.flag("cycle_momentum")) {
                        config.fixedMomentum();
                    }
                });
    }

    private static Schedule oneCycle(Fixture args) {
        List<Double> maxima =
                args.entries().get("max_lr") instanceof List<?>
                        ? Arrays.stream(args.numbers("max_lr")).boxed().toList()
                        : List.of(args.number("max_lr"));
        long steps =
                args.has("total_steps")
                        ? whole(args, "total_steps")
                        : whole(args, "epochs") * whole(args, "steps_per_epoch");
        return OneCycle.of(
                maxima,
                steps,
                config -> {
                    config.warmUp(args.number("pct_start", 0.3))
                            .divisors(
                                    args.number("div_factor", 25),
                                    args.number("final_div_factor", 1e4))
                            .momentum(
                                    args.number("base_momentum", 0.85),
                                    args.number("max_momentum", 0.95));
                    if (args.has("anneal_strategy")) {
                        config.linear();
                    }
                    if (args.flag("three_phase")) {
                        config.threePhases();
                    }
                    if (args.has("cycle_momentum") && !args.flag("cycle_momentum")) {
                        config.fixedMomentum();
                    }
                });
    }

    private static Scheduler plateau(Optimizer optimizer, Fixture args) {
        return ReduceOnPlateau.of(
                optimizer,
                config -> {
                    config.factor(args.number("factor"))
                            .patience(whole(args, "patience"))
                            .cooldown(whole(args, "cooldown"))
                            .epsilon(args.number("eps"));
                    if (args.text("mode").equals("max")) {
                        config.maximize();
                    }
                    if (args.text("threshold_mode").equals("abs")) {
                        config.absoluteThreshold(args.number("threshold"));
                    } else {
                        config.threshold(args.number("threshold"));
                    }
                    config.minLearningRate(
                            args.entries().get("min_lr") instanceof List<?>
                                    ? args.numbers("min_lr")
                                    : new double[] {args.number("min_lr")});
                });
    }

    private static long whole(Fixture args, String name) {
        return (long) args.number(name);
    }

    private static long[] wholes(Fixture args, String name) {
        return Arrays.stream(args.numbers(name)).mapToLong(it -> (long) it).toArray();
    }
}
