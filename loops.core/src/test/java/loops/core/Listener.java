package loops.core;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// A callback that remembers every hook with what it saw, and at one of them asks for a stop, a save, another rate.
final class Listener implements InvocationHandler {
    private final int stopAt;
    private Optional<Path> folder = Optional.empty();
    private int saveAt = -1;
    private long count;
    private long hash;
    private String last = "nothing";

    Listener(int stopAt) {
        this.stopAt = stopAt;
    }

    /// Asks for a checkpoint at the hook of that number.
    Listener saving(int at, Path into) {
        saveAt = at;
        folder = Optional.of(into);
        return this;
    }

    Callback callback() {
        return (Callback)
                Proxy.newProxyInstance(
                        Callback.class.getClassLoader(), new Class<?>[] {Callback.class}, this);
    }

    long count() {
        return count;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        Object[] seen = arguments == null ? new Object[0] : arguments;
        return switch (method.getName()) {
            case "stateKey" -> "listener";
            case "comesLast", "saves", "sitsOutTrials" -> false;
            case "subscriptions" -> List.of();
            case "stateDict" -> stateDict();
            case "loadStateDict" -> {
                load((Fields) seen[0]);
                yield null;
            }
            case "setup", "teardown", "onFitStart", "onFitEnd" ->
                    null; // of each process, not of the run
            default -> {
                hook(method.getName(), seen);
                yield null;
            }
        };
    }

    private void hook(String name, Object[] arguments) {
        var run = (RunView) arguments[0];
        var text = new StringBuilder(name);
        text.append(" epoch ").append(run.epoch()).append(" step ").append(run.globalStep());
        for (Object argument : arguments) {
            if (argument instanceof Integer index) {
                text.append(" #").append(index);
            } else if (argument instanceof Tensor loss) {
                text.append(" loss ").append(loss.item());
            }
        }
        last = text.toString();
        hash = 31 * hash + (last + run.metrics().all() + run.module().training()).hashCode();
        count++;
        if (count == stopAt) {
            run.stop("the listener has heard enough");
        }
        if (count == saveAt) {
            folder.ifPresent(run::save);
        }
        if (count == 7) {
            run.optimizers().forEach(optimizer -> optimizer.learningRate(0.02));
        }
    }

    private Fields stateDict() {
        return Fields.empty().with("last", last).with("count", count).with("hash", hash);
    }

    private void load(Fields state) {
        last = state.text("last");
        count = state.num("count");
        hash = state.num("hash");
    }
}
