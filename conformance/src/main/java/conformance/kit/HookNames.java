package conformance.kit;

import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Flag;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import loops.core.training.Activity;

/// Hooks as a case and a run name them: `on_train_batch_end(1)`, with the numbers that a hook is told.
///
/// What only one of the two sides has is left out of both. Nothing is moved.
public final class HookNames {
    /// What the original has and we have not, and why. A callback's hook of the same name goes with it.
    private static final Map<String, String> LACKING = lacking();

    private static final Pattern LACKS =
            Pattern.compile("(?:Callback\\.)?(?:%s)".formatted(String.join("|", LACKING.keySet())));

    /// What we have and the original has not.
    private static final Pattern OURS = Pattern.compile("(?:Callback\\.)?on_train_epoch_measured");

    /// What stands for an object, of which nothing is compared, as `<trainer>`.
    private static final Pattern OBJECT = Pattern.compile("<\\w+>");

    /// Hooks that we have not, but of which we can say what they would be told.
    private static final Pattern TOLD =
            Pattern.compile(
                    "(?:Callback\\.)?on_(?:save|load)_checkpoint"
                            + "|on_(?:before|after)_batch_transfer|transfer_batch_to_device");

    private static final Set<String> KEYS = Set.of("hook", "args", "kwargs");

    private HookNames() {}

    private static Map<String, String> lacking() {
        var lacking = new LinkedHashMap<String, String>();
        lacking.put("configure_sharded_model", "a module is on one device");
        lacking.put("train", "the mode of a module is set without a hook");
        lacking.put("on_\\w+_model_(?:eval|train)", "the mode of a module is set without a hook");
        lacking.put("zero_grad", "an evaluation makes no gradients, so there is nothing to drop");
        lacking.put("on_(?:before|after)_batch_transfer", "batches are made where they are used");
        lacking.put("transfer_batch_to_device", "batches are made where they are used");
        lacking.put("forward", "a module has no method for its prediction alone");
        lacking.put("\\w+_step_end", "a step runs on one device, so there is nothing to join");
        lacking.put(
                "log_grad_norm", "norms are logged in onBeforeOptimizerStep, by who wants them");
        lacking.put("clip_gradients", "clipping is one method of the optimizer loop");
        lacking.put("manual_backward", "a backward pass is asked of the step, not of the module");
        lacking.put(
                "on_(?:save|load)_checkpoint", "state is declared, and no hook edits a checkpoint");
        return lacking;
    }

    /// {@return what an activity is called in the cases}
    ///
    /// @param activity the activity
    public static String stage(Activity activity) {
        return switch (activity) {
            case TRAINING -> "fit";
            case VALIDATION, SANITY_CHECK -> "validate";
            case TEST -> "test";
            case PREDICTION -> "predict";
        };
    }

    /// {@return whether both the original and we have a hook}
    ///
    /// @param hook its name, with or without what it is told
    public static boolean shared(String hook) {
        String name = hook.replaceFirst("\\(.*", "");
        return !LACKS.matcher(name).matches() && !OURS.matcher(name).matches();
    }

    /// {@return a hook with what it is told}
    ///
    /// @param name its name
    /// @param told the numbers; those below 0 mean nothing and are left out
    public static String told(String name, int... told) {
        var numbers = new ArrayList<String>();
        for (int number : told) {
            if (number >= 0) {
                numbers.add(Integer.toString(number));
            }
        }
        return numbers.isEmpty() ? name : "%s(%s)".formatted(name, String.join(", ", numbers));
    }

    /// {@return an object as cases write it in a name: `{foo: bar}`}
    ///
    /// @param json the object
    public static String plain(Json json) {
        return json.toString().replace("\"", "");
    }

    // ---- what a case says

    /// {@return the hooks of a case that we have too}
    ///
    /// @param hooks names, or objects with a name and what the hook is told
    public static List<String> of(Json hooks) {
        var names = items(hooks).stream().map(HookNames::name).toList();
        for (int i = 0; i < names.size(); i++) {
            requireMode(names.get(i), i + 1 < names.size() ? names.get(i + 1) : "");
        }
        return names.stream().filter(HookNames::shared).toList();
    }

    /// A module is set to the mode of what comes next.
    private static void requireMode(String hook, String next) {
        if (hook.equals("train(%s)".formatted(next.endsWith("_model_eval")))) {
            throw new NotUnderstoodException("'%s' stands before '%s'".formatted(hook, next));
        }
    }

    /// {@return what hooks are told that only the original has, where we can say it: of checkpoints the epoch and the steps, of
    /// batches that are handed over the data loader}
    ///
    /// @param hooks objects with a name and what the hook is told
    public static List<String> lackingButTold(Json hooks) {
        return items(hooks).stream()
                .filter(Fields.class::isInstance)
                .map(Fields.class::cast)
                .flatMap(hook ->
                        hook.get("hook").orElse(null) instanceof Text(String name)
                                        && TOLD.matcher(name).matches()
                                ? Stream.of(name + numbers(hook.get("args").orElse(new Null())))
                                : Stream.of())
                .toList();
    }

    /// {@return the whole numbers in a value, in the order of its fields and elements}
    private static List<Json> numbers(Json json) {
        return switch (json) {
            case Whole whole -> List.of(whole);
            case Items(var values) ->
                    values.stream().flatMap(each -> numbers(each).stream()).toList();
            case Fields(var entries) ->
                    new TreeMap<>(entries)
                            .values().stream().flatMap(each -> numbers(each).stream()).toList();
            default -> List.of();
        };
    }

    private static List<Json> items(Json hooks) {
        return hooks instanceof Items(var all) ? all : List.of();
    }

    private static String name(Json hook) {
        if (!(hook instanceof Fields fields)) {
            return hook instanceof Text(String name) ? name : hook.toString();
        }
        var args = fields.get("args").orElse(new Items(List.of()));
        var kwargs = fields.get("kwargs").orElse(Fields.EMPTY);
        var told = Stream.concat(arguments(args), named(kwargs)).toList();
        String name =
                name(
                        fields.get("hook")
                                .orElseThrow(() ->
                                        new NotUnderstoodException(
                                                "a hook has no name: " + fields)));
        if (!KEYS.containsAll(fields.entries().keySet())) {
            throw new NotUnderstoodException(
                    "'%s' has more than hook, args and kwargs: %s".formatted(name, fields));
        }
        HookForms.require(name, args, kwargs);
        return told.isEmpty() ? name : "%s(%s)".formatted(name, String.join(", ", told));
    }

    /// All but objects, and what stands for nothing.
    private static Stream<String> arguments(Json args) {
        return args instanceof Items(var all)
                ? all.stream().filter(each -> !isLeftOut(each)).map(HookNames::plain)
                : Stream.of(args).filter(each -> !isLeftOut(each)).map(HookNames::plain);
    }

    /// All but what is not, as `on_tpu: false`.
    private static Stream<String> named(Json kwargs) {
        return kwargs instanceof Fields(var entries)
                ? entries.entrySet().stream()
                        .filter(each -> !each.getValue().equals(new Flag(false)))
                        .filter(each -> !isLeftOut(each.getValue()))
                        .map(each -> each.getKey() + "=" + plain(each.getValue()))
                : Stream.of(plain(kwargs));
    }

    private static boolean isLeftOut(Json told) {
        return switch (told) {
            case Null _ -> true;
            case Text(String text) -> OBJECT.matcher(text).matches();
            case Items(var values) -> values.stream().allMatch(HookNames::isLeftOut);
            case Fields(var entries) -> entries.values().stream().allMatch(HookNames::isLeftOut);
            default -> false;
        };
    }
}
