package loops.core;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import loops.api.LoopState.Fields;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;

/// A callback that writes down every hook with its numbers, and may do something at each.
public final class HookLog implements InvocationHandler {
    private final List<String> lines = new ArrayList<>();
    private final BiConsumer<String, RunView> action;

    public HookLog() {
        this((name, run) -> {});
    }

    public HookLog(BiConsumer<String, RunView> action) {
        this.action = action;
    }

    public Callback callback() {
        return (Callback)
                Proxy.newProxyInstance(
                        Callback.class.getClassLoader(), new Class<?>[] {Callback.class}, this);
    }

    /// {@return the hooks, a line each}
    public String text() {
        return String.join("\n", lines) + "\n";
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "stateKey" -> "log";
            case "comesLast", "saves", "sitsOutTrials" -> false;
            case "subscriptions" -> List.of();
            case "stateDict" -> Fields.empty();
            default -> {
                hook(method.getName(), arguments == null ? new Object[0] : arguments);
                yield null;
            }
        };
    }

    private void hook(String name, Object[] arguments) {
        var line = new StringBuilder(name);
        for (Object argument : arguments) {
            if (argument instanceof Integer number) {
                line.append(' ').append(number);
            }
        }
        lines.add(line.toString());
        action.accept(name, (RunView) arguments[0]);
    }
}
