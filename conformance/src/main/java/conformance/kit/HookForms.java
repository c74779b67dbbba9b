package conformance.kit;

import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// In which form cases write down what a hook is told. What has another form is not understood, so that nothing stands there
/// that is neither compared nor known.
final class HookForms {
    private static final String CALLBACK = "Callback.";

    /// What a callback is told before all else.
    private static final List<Json> FIRST = List.of(new Text("<trainer>"), new Text("<model>"));

    private static final String OBJECT = "\"<ANY>\"";
    private static final String NUMBER = "\\d+";
    private static final String FLAG = "(?:true|false)";
    private static final String NOTHING = list();
    private static final String UNNAMED = fields();
    private static final String CHECKPOINT =
            fields(
                    "callbacks",
                    OBJECT,
                    "epoch",
                    NUMBER,
                    "global_step",
                    NUMBER,
                    "loops",
                    OBJECT,
                    "lr_schedulers",
                    OBJECT,
                    "optimizer_states",
                    OBJECT,
                    "pytorch-lightning_version",
                    "\"\\d+\\.\\d+\\.\\d+\"",
                    "state_dict",
                    OBJECT);
    private static final String NO_CLIPPING =
            fields("gradient_clip_algorithm", "null", "gradient_clip_val", "null");
    private static final String STEPPING = fields("on_tpu", "false", "using_lbfgs", FLAG);

    /// Regular expressions of names, and of what is told; the first that fits holds.
    private static final Map<String, String> FORMS = forms();

    private HookForms() {}

    private static Map<String, String> forms() {
        var forms = new LinkedHashMap<String, String>();
        forms.put("setup|teardown", NOTHING + fields("stage", "\"\\w+\""));
        forms.put("load_state_dict", list("\\{.*\\}") + UNNAMED);
        forms.put("on_train_batch_start", list(OBJECT, NUMBER) + UNNAMED);
        forms.put("on_train_batch_end", list(output("loss"), OBJECT, NUMBER) + UNNAMED);
        forms.put("on_\\w+_batch_start", list(OBJECT, NUMBER, NUMBER) + UNNAMED);
        forms.put("on_validation_batch_end", list(output("x"), OBJECT, NUMBER, NUMBER) + UNNAMED);
        forms.put("on_test_batch_end", list(output("y"), OBJECT, NUMBER, NUMBER) + UNNAMED);
        forms.put("on_predict_batch_end", list(OBJECT, OBJECT, NUMBER, NUMBER) + UNNAMED);
        forms.put("on_predict_epoch_end", list(list(some(list(some(OBJECT))))) + UNNAMED);
        forms.put("training_epoch_end", list(list(some(output("loss")))) + UNNAMED);
        forms.put("validation_epoch_end", list(list(some(output("x")))) + UNNAMED);
        forms.put("test_epoch_end", list(list(some(output("y")))) + UNNAMED);
        forms.put("training_step_end", list(output("loss")) + UNNAMED);
        forms.put("validation_step_end", list(output("x")) + UNNAMED);
        forms.put("test_step_end", list(output("y")) + UNNAMED);
        forms.put(
                "\\w+_step(?<!optimizer_step|scheduler_step)",
                list(OBJECT, some(NUMBER)) + UNNAMED);
        forms.put(
                "on_before_backward|on_before_zero_grad|forward|manual_backward",
                list(OBJECT) + UNNAMED);
        forms.put("backward", list(OBJECT, OBJECT, NUMBER) + UNNAMED);
        forms.put("clip_gradients", list(OBJECT) + NO_CLIPPING);
        forms.put("configure_gradient_clipping", list(OBJECT, NUMBER) + NO_CLIPPING);
        forms.put("optimizer_zero_grad", list(NUMBER, NUMBER, OBJECT, NUMBER) + UNNAMED);
        forms.put("optimizer_step", list(NUMBER, NUMBER, OBJECT, NUMBER, OBJECT) + STEPPING);
        forms.put("lr_scheduler_step", list(OBJECT, NUMBER, "null") + UNNAMED);
        forms.put("log_grad_norm", OBJECT + UNNAMED);
        forms.put("train", list(FLAG) + UNNAMED);
        forms.put("transfer_batch_to_device", list(OBJECT, "\"cpu\"", NUMBER) + UNNAMED);
        forms.put(
                "on_(?:before|after)_batch_transfer|on_before_optimizer_step",
                list(OBJECT, NUMBER) + UNNAMED);
        forms.put("on_(?:save|load)_checkpoint", list(CHECKPOINT) + UNNAMED);
        return forms;
    }

    private static String list(String... parts) {
        return "\\[" + String.join(", ", parts) + "\\]";
    }

    /// @param parts names, each with its value, in the order of the names
    private static String fields(String... parts) {
        var all = new StringBuilder();
        for (int i = 0; i < parts.length; i += 2) {
            all.append(i == 0 ? "" : ", ").append("\"%s\": %s".formatted(parts[i], parts[i + 1]));
        }
        return "\\{" + all + "\\}";
    }

    private static String some(String part) {
        return "%s(?:, %s)*".formatted(part, part);
    }

    private static String output(String name) {
        return fields(name, OBJECT);
    }

    /// Sees that a hook is told what hooks of its name are told.
    ///
    /// @param hook its name
    /// @param args the arguments
    /// @param kwargs those with names
    /// @throws NotUnderstoodException if not
    static void require(String hook, Json args, Json kwargs) {
        String name = hook.replaceFirst("^Callback\\.", "");
        var own = isToldFirst(hook, name) ? withoutFirst(args) : args;
        String form =
                FORMS.entrySet().stream()
                        .filter(each -> name.matches(each.getKey()))
                        .findFirst()
                        .map(Map.Entry::getValue)
                        .orElse(NOTHING + UNNAMED);
        if (!(text(own) + text(kwargs)).matches(form)) {
            throw new NotUnderstoodException(
                    "'%s' is told %s and %s, which no hook of this name is"
                            .formatted(hook, args, kwargs));
        }
    }

    private static boolean isToldFirst(String hook, String name) {
        return hook.startsWith(CALLBACK) && !name.endsWith("state_dict");
    }

    /// {@return the arguments behind the first ones; nothing that has a form if these are not there}
    private static Json withoutFirst(Json args) {
        return args instanceof Items(var all)
                        && all.size() >= FIRST.size()
                        && all.subList(0, FIRST.size()).equals(FIRST)
                ? new Items(all.subList(FIRST.size(), all.size()))
                : new Text("");
    }

    /// {@return a value with its fields in the order of their names}
    private static String text(Json json) {
        return switch (json) {
            case Fields(var entries) ->
                    new TreeMap<>(entries)
                            .entrySet().stream()
                                    .map(each ->
                                            new Text(each.getKey()) + ": " + text(each.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}"));
            case Items(var values) ->
                    values.stream()
                            .map(HookForms::text)
                            .collect(Collectors.joining(", ", "[", "]"));
            default -> json.toString();
        };
    }
}
