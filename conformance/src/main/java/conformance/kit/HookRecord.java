package conformance.kit;

import conformance.kit.Event.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What happened in a run, as the cases write down hooks.
///
/// The original's own tests record a hook with what it is told, and when it returns: what it calls comes first. Other
/// cases record names alone, as hooks are entered.
public final class HookRecord {
    private static final Pattern HOOK = Pattern.compile("(?:Callback\\.)?\\w+(?:\\(.*\\))?");
    private static final String DATA = "Data.";

    /// What is not recorded where names alone are.
    private static final Set<String> NOT_ENTERED =
            Set.of(
                    "configure_callbacks",
                    "prepare_data",
                    "training_epoch_end",
                    "validation_epoch_end",
                    "test_epoch_end");

    private HookRecord() {}

    /// {@return the hooks of callbacks and module as they return, with what they are told}
    ///
    /// @param events what happened
    /// @param automatic whether the loops optimize
    public static List<String> returned(List<Event> events, boolean automatic) {
        var hooks = new ArrayList<String>();
        var step = Place.NOWHERE;
        for (Event event : events) {
            if (event.entered()) {
                step = event.name().equals("training_step") ? event.place() : step;
            } else if (shared(event.name())) {
                hooks.add(told(event, automatic ? step.optimizer() : -1, several(events, event)));
            }
        }
        return hooks;
    }

    /// {@return the names of the hooks of callbacks and module as they are entered}
    ///
    /// @param events what happened
    public static List<String> entered(List<Event> events) {
        return events.stream()
                .filter(Event::entered)
                .map(Event::name)
                .filter(HookRecord::shared)
                .filter(name -> !NOT_ENTERED.contains(name))
                .toList();
    }

    /// {@return what a data module was asked for}
    ///
    /// @param events what happened
    public static List<String> ofData(List<Event> events) {
        return events.stream()
                .filter(Event::entered)
                .map(Event::name)
                .filter(name -> name.startsWith(DATA) || name.endsWith("_dataloader"))
                .map(name -> name.startsWith(DATA) ? name.substring(DATA.length()) : name)
                .toList();
    }

    private static boolean shared(String name) {
        return HOOK.matcher(name).matches() && HookNames.shared(name);
    }

    /// @param optimizer the optimizer whose turn it is, or -1
    /// @param several whether there are several of what a step is told the number of
    private static String told(Event event, int optimizer, boolean several) {
        var place = event.place();
        String name = event.name();
        return switch (name.replaceFirst("^Callback\\.", "")) {
            case "setup", "teardown" -> name + stage(event);
            case "on_train_batch_start", "on_train_batch_end" ->
                    HookNames.told(name, place.batch());
            case "on_validation_batch_start",
                    "on_validation_batch_end",
                    "on_test_batch_start",
                    "on_test_batch_end",
                    "on_predict_batch_start",
                    "on_predict_batch_end" ->
                    HookNames.told(name, place.batch(), place.loader());
            case "training_step" -> HookNames.told(name, place.batch(), several ? optimizer : -1);
            case "validation_step", "test_step", "predict_step" ->
                    HookNames.told(name, place.batch(), several ? place.loader() : -1);
            case "optimizer_zero_grad", "optimizer_step" ->
                    HookNames.told(name, place.epoch(), place.batch(), place.optimizer());
            case "backward" -> HookNames.told(name, optimizer);
            case "on_before_optimizer_step", "configure_gradient_clipping", "lr_scheduler_step" ->
                    HookNames.told(name, place.optimizer());
            default -> name;
        };
    }

    private static String stage(Event event) {
        return event.run()
                .map(run -> "(stage=%s)".formatted(HookNames.stage(run.activity())))
                .orElse("");
    }

    /// {@return whether steps of this name have several optimizers, or several data loaders}
    private static boolean several(List<Event> events, Event step) {
        return events.stream()
                .filter(each -> each.name().equals(step.name()))
                .anyMatch(each -> each.place().loader() > 0 || each.place().optimizer() > 0);
    }
}
