package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import loops.core.TrainerConfig;
import loops.core.training.Clip;
import loops.core.training.FitPlan;
import loops.core.training.Limit;

/// The flags of the original's trainer, and what they are here.
///
/// A flag that is null is read and sets nothing. Flags that need more than a choice of the trainer, such as
/// `callbacks`, are read by the areas.
public final class TrainerFlags {
    private static final Phrases<Double> PARTS =
            Phrases.<Double>of()
                    .say(
                            "(\\d+)/(\\d+)",
                            said ->
                                    Double.parseDouble(said.group(1))
                                            / Double.parseDouble(said.group(2)));

    private TrainerFlags() {}

    /// Reads all flags that are choices of a trainer.
    ///
    /// @param flags the flags of a case
    /// @return what makes the choices
    /// @throws NotUnderstoodException if a flag has a value that is none
    public static Consumer<TrainerConfig> read(Keys flags) {
        Consumer<TrainerConfig> choices = config -> {};
        for (String flag : flags.names()) {
            choices = choices.andThen(choice(flag, flags));
        }
        return choices;
    }

    private static Consumer<TrainerConfig> choice(String flag, Keys flags) {
        return switch (flag) {
            case "max_epochs" ->
                    whole(flag, flags, (config, n) -> config.maxEpochs(Math.toIntExact(n)));
            case "max_steps" -> whole(flag, flags, TrainerConfig::maxSteps);
            case "min_epochs" ->
                    plan(whole(flags, flag, (plan, n) -> plan.minEpochs(Math.toIntExact(n))));
            case "min_steps" -> plan(whole(flags, flag, FitPlan.Config::minSteps));
            case "limit_train_batches" -> plan(limit(flag, flags, FitPlan.Config::trainLimit));
            case "limit_val_batches" -> plan(limit(flag, flags, FitPlan.Config::validationLimit));
            case "limit_test_batches" -> limit(flags, flag, TrainerConfig::testLimit);
            case "limit_predict_batches" -> limit(flags, flag, TrainerConfig::predictionLimit);
            case "limit_*_batches" ->
                    plan(limit(flag, flags, FitPlan.Config::trainLimit))
                            .andThen(plan(limit(flag, flags, FitPlan.Config::validationLimit)))
                            .andThen(limit(flags, flag, TrainerConfig::testLimit))
                            .andThen(limit(flags, flag, TrainerConfig::predictionLimit));
            case "overfit_batches" -> plan(limit(flag, flags, FitPlan.Config::overfit));
            case "fast_dev_run" -> fastDevRun(flags);
            case "num_sanity_val_steps" -> sanity(flags.whole(flag));
            case "val_check_interval" -> plan(limit(flag, flags, FitPlan.Config::validateEvery));
            case "check_val_every_n_epoch" -> everyEpochs(flags);
            case "accumulate_grad_batches" -> accumulation(flags);
            case "reload_dataloaders_every_n_epochs" ->
                    plan(whole(flags, flag, (plan, n) -> plan.reloadEvery(Math.toIntExact(n))));
            case "log_every_n_steps" ->
                    plan(whole(flags, flag, (plan, n) -> plan.logEvery(Math.toIntExact(n))));
            case "gradient_clip_val" -> clipping(flags);
            case "gradient_clip_algorithm" -> config -> flags.maybe(flag);
            case "enable_checkpointing" -> {
                boolean on = flags.flag(flag, true);
                yield config -> config.checkpointing(on);
            }
            default -> config -> {};
        };
    }

    private static Consumer<TrainerConfig> whole(
            String flag, Keys flags, BiConsumer<TrainerConfig, Long> choose) {
        var value = flags.wholeIfAny(flag);
        return config -> value.ifPresent(n -> choose.accept(config, n));
    }

    private static Consumer<FitPlan.Config> whole(
            Keys flags, String flag, BiConsumer<FitPlan.Config, Long> choose) {
        var value = flags.wholeIfAny(flag);
        return plan -> value.ifPresent(n -> choose.accept(plan, n));
    }

    private static Consumer<TrainerConfig> plan(Consumer<FitPlan.Config> choose) {
        return config -> config.plan(choose);
    }

    private static Consumer<FitPlan.Config> limit(
            String flag, Keys flags, BiConsumer<FitPlan.Config, Limit> choose) {
        var json = flags.json(flag);
        return plan -> {
            if (!(json instanceof Json.Null)) {
                choose.accept(plan, limit(json));
            }
        };
    }

    private static Consumer<TrainerConfig> limit(
            Keys flags, String flag, BiConsumer<TrainerConfig, Limit> choose) {
        var json = flags.json(flag);
        return config -> choose.accept(config, limit(json));
    }

    /// {@return the limit that a number means: a whole one counts batches, one with a point is a part}
    ///
    /// @param json the number, or two of them as `1/3`
    /// @throws NotUnderstoodException if it is neither
    public static Limit limit(Json json) {
        return switch (json) {
            case Json.Whole(long batches) -> Limit.batches(Math.toIntExact(batches));
            case Json.Real(double part) -> Limit.fraction(part);
            case Json.Text(String text) -> Limit.fraction(PARTS.read(text));
            default -> throw new NotUnderstoodException(json + " is no limit of batches");
        };
    }

    private static Consumer<TrainerConfig> fastDevRun(Keys flags) {
        return switch (flags.json("fast_dev_run")) {
            case Json.Flag(boolean on) -> on ? config -> config.fastDevRun(1) : config -> {};
            case Json.Whole(long batches) -> config -> config.fastDevRun(Math.toIntExact(batches));
            default -> throw new NotUnderstoodException("fast_dev_run is no number of batches");
        };
    }

    private static Consumer<TrainerConfig> sanity(long batches) {
        return config ->
                config.plan(plan ->
                        plan.sanityLimit(
                                batches == -1
                                        ? Limit.all()
                                        : Limit.batches(Math.toIntExact(batches))));
    }

    /// Null counts the batches between validations over all epochs.
    private static Consumer<TrainerConfig> everyEpochs(Keys flags) {
        return switch (flags.json("check_val_every_n_epoch")) {
            case Json.Null _ -> config -> config.plan(FitPlan.Config::acrossEpochs);
            case Json.Whole(long epochs) ->
                    config ->
                            config.plan(plan -> plan.validateEveryEpochs(Math.toIntExact(epochs)));
            default -> throw new NotUnderstoodException("check_val_every_n_epoch is no number");
        };
    }

    private static Consumer<TrainerConfig> accumulation(Keys flags) {
        return switch (flags.json("accumulate_grad_batches")) {
            case Json.Null _ -> config -> {};
            case Json.Whole(long batches) -> config -> config.accumulate(Math.toIntExact(batches));
            case Json.Fields factors -> {
                var read = factors(factors);
                yield config -> config.plan(plan -> plan.accumulate(read));
            }
            default -> throw new NotUnderstoodException("accumulate_grad_batches is no number");
        };
    }

    /// {@return the factors of accumulation, by the epochs from which on they hold}
    ///
    /// @param json an object from epochs to factors
    /// @throws NotUnderstoodException if one is no whole number
    public static Map<Integer, Integer> factors(Json.Fields json) {
        var factors = new TreeMap<Integer, Integer>();
        json.entries()
                .forEach((epoch, factor) -> {
                    if (!epoch.matches("-?\\d+") || !(factor instanceof Json.Whole(long n))) {
                        throw new NotUnderstoodException(
                                "%s: %s is no factor of accumulation".formatted(epoch, factor));
                    }
                    factors.put(Integer.valueOf(epoch), Math.toIntExact(n));
                });
        return factors;
    }

    private static Consumer<TrainerConfig> clipping(Keys flags) {
        var value = flags.realIfAny("gradient_clip_val");
        String algorithm = flags.textIfAny("gradient_clip_algorithm").orElse("norm");
        if (value.isEmpty()) {
            return config -> {};
        }
        double limit = value.getAsDouble();
        return switch (algorithm) {
            case "norm" -> config -> config.plan(plan -> plan.clip(Clip.norm(limit)));
            case "value" -> config -> config.plan(plan -> plan.clip(Clip.value(limit)));
            default -> throw new NotUnderstoodException("there is no clipping by " + algorithm);
        };
    }

    /// {@return the number that stands for a limit in the cases: of batches, or of parts with a point}
    ///
    /// @param limit the limit
    public static Object number(Limit limit) {
        return switch (limit) {
            case Limit.All() -> 1.0;
            case Limit.Batches(int batches) -> batches;
            case Limit.Fraction(double part) -> part;
            case Limit.Both(Limit first, Limit second) ->
                    java.util.List.of(number(first), number(second));
        };
    }
}
