package loops.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import loops.api.Listeners;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.Subscription;
import loops.core.logger.Loggers;

/// All that listens to a run, in order: the callbacks as they were given, those that come last, then the module.
///
/// What fires in a fit, from the outside in:
///
/// | hooks | normal end | stop asked for | exception |
/// |---|---|---|---|
/// | `setup`, `teardown` | both | both | both, `onException` between them |
/// | `onFitStart`, `onFitEnd` | both | both | start only |
/// | `onSanityCheckStart/End` | both, unless resumed | both | start only |
/// | `onTrainStart`, `onTrainEnd` | both | both | start only |
/// | `onTrainEpochStart/End`, `onTrainEpochMeasured` | all | all, the epoch being cut short | start only |
/// | `onTrainBatchStart/End` | both | both | start only |
/// | `onBeforeZeroGrad`, `onBeforeBackward`, `onAfterBackward`, `onBeforeOptimizerStep` | in this order, between the two | the same | up to the place |
/// | `onValidationStart`, `…EpochStart`, `…BatchStart/End`, `…EpochEnd`, `…End` | after the batch's end | the same | up to the place |
///
/// A resumed run fires each hook that had not fired when the state was taken, and none that had, but `setup`,
/// `onFitStart` and, at the end, `onFitEnd` and `teardown` belong to each process.
public final class Hooks implements Listeners, Stateful {
    private final List<Callback> callbacks;

    /// The callbacks whose states are saved beside each other.
    private final List<List<? extends Callback>> savedTogether;

    private final Loggers loggers;
    private final TrainingModule module;
    private final List<Subscription<?>> subscriptions;

    /// Hooks of these callbacks and a module, without loggers.
    ///
    /// @param callbacks the callbacks, in the order in which they are called
    /// @param module the module
    public Hooks(List<? extends Callback> callbacks, TrainingModule module) {
        this(callbacks, Loggers.of(List.of()), module);
    }

    /// Hooks of these callbacks, loggers and a module.
    ///
    /// @param callbacks the callbacks, in the order in which they are called
    /// @param loggers take what is logged
    /// @param module the module
    public Hooks(List<? extends Callback> callbacks, Loggers loggers, TrainingModule module) {
        this(List.of(List.copyOf(callbacks)), callbacks, loggers, module);
    }

    private Hooks(
            List<List<? extends Callback>> savedTogether,
            List<? extends Callback> callbacks,
            Loggers loggers,
            TrainingModule module) {
        this.callbacks = inOrder(callbacks);
        this.savedTogether = savedTogether;
        this.loggers = loggers;
        this.module = module;
        this.subscriptions =
                this.callbacks.stream()
                        .<Subscription<?>>flatMap(callback -> callback.subscriptions().stream())
                        .toList();
    }

    private static List<Callback> inOrder(List<? extends Callback> callbacks) {
        var ordered = new ArrayList<Callback>(callbacks);
        ordered.removeIf(Callback::comesLast);
        callbacks.stream().filter(Callback::comesLast).forEach(ordered::add);
        return List.copyOf(ordered);
    }

    /// {@return the callbacks, in the order in which they are called}
    public List<Callback> callbacks() {
        return callbacks;
    }

    /// {@return what the callbacks are told of that loops fire by hooks of their own, in their order}
    @Override
    public List<Subscription<?>> subscriptions() {
        return subscriptions;
    }

    /// {@return what takes the logged values}
    public Loggers loggers() {
        return loggers;
    }

    /// Calls one hook of every listener, in order. What a listener throws leaves here at once.
    ///
    /// @param point the hook
    /// @param view what the listeners see
    /// @param hook calls the hook of one listener
    public void call(HookPoint point, RunView view, Consumer<? super TrainingHooks> hook) {
        var before = view.metrics().enter(point);
        try {
            for (int i = 0; i < callbacks.size(); i++) { // in every step: no iterator
                hook.accept(callbacks.get(i));
            }
            hook.accept(module);
        } finally {
            view.metrics().enter(before);
        }
    }

    /// Calls one hook of the callbacks alone.
    ///
    /// @param point the hook
    /// @param view what the listeners see
    /// @param hook calls the hook of one listener
    public void callCallbacks(HookPoint point, RunView view, Consumer<? super Callback> hook) {
        var before = view.metrics().enter(point);
        try {
            callbacks.forEach(hook);
        } finally {
            view.metrics().enter(before);
        }
    }

    /// Calls something of the module alone.
    ///
    /// @param point what is called
    /// @param view what the module sees
    /// @param hook calls it
    public void callModule(HookPoint point, RunView view, Consumer<? super TrainingModule> hook) {
        var before = view.metrics().enter(point);
        try {
            hook.accept(module);
        } finally {
            view.metrics().enter(before);
        }
    }

    /// {@return these callbacks and further ones behind them, around another module} The states of the further ones are
    /// saved in a place of their own.
    ///
    /// @param further listens to that module alone
    /// @param other the module
    public Hooks with(List<? extends Callback> further, TrainingModule other) {
        var all = new ArrayList<Callback>(callbacks);
        all.addAll(further);
        var groups = new ArrayList<>(savedTogether);
        groups.add(List.copyOf(further));
        return new Hooks(List.copyOf(groups), all, loggers, other);
    }

    /// {@return these callbacks, with other loggers}
    ///
    /// @param others take what is logged
    public Hooks withLoggers(Loggers others) {
        return new Hooks(savedTogether, callbacks, others, module);
    }

    /// {@return these callbacks and those of the module} A callback of the module takes the place of one of the same
    /// class.
    public Hooks withThoseOfTheModule() {
        var own = module.configureCallbacks();
        var all = new ArrayList<Callback>(callbacks);
        all.removeIf(callback ->
                own.stream().anyMatch(better -> better.getClass() == callback.getClass()));
        all.addAll(own);
        return own.isEmpty() ? this : new Hooks(all, loggers, module);
    }

    /// {@return these callbacks but for some}
    ///
    /// @param left those that are left out
    public Hooks without(Predicate<? super Callback> left) {
        return new Hooks(
                callbacks.stream().filter(callback -> !left.test(callback)).toList(),
                loggers,
                module);
    }

    /// Calls one hook of every listener, even if some throw.
    ///
    /// @param point the hook
    /// @param view what the listeners see
    /// @param hook calls the hook of one listener
    /// @return what was thrown, in order
    public List<Throwable> callAll(
            HookPoint point, RunView view, Consumer<? super TrainingHooks> hook) {
        var thrown = new ArrayList<Throwable>();
        var listeners = new ArrayList<TrainingHooks>(callbacks);
        listeners.add(module);
        var before = view.metrics().enter(point);
        for (TrainingHooks listener : listeners) {
            try {
                hook.accept(listener);
            } catch (RuntimeException | Error e) {
                thrown.add(e);
            }
        }
        view.metrics().enter(before);
        return thrown;
    }

    /// Checks that the states of the callbacks can be saved beside each other. To be called once they are set up: a
    /// callback may make its state there. Only those that have one key are asked for their states.
    ///
    /// @throws IllegalArgumentException if two callbacks that have a state have the same key for it
    public void requireStatesApart() {
        savedTogether.forEach(Hooks::requireStatesApart);
    }

    private static void requireStatesApart(List<? extends Callback> together) {
        for (Callback callback : together) {
            var alike =
                    together.stream()
                            .filter(other -> other.stateKey().equals(callback.stateKey()))
                            .toList();
            if (alike.size() > 1 && alike.stream().filter(Hooks::hasState).count() > 1) {
                throw twoOf(callback.stateKey());
            }
        }
    }

    private static boolean hasState(Callback callback) {
        return !callback.stateDict().entries().isEmpty();
    }

    private static IllegalArgumentException twoOf(String key) {
        return new IllegalArgumentException(
                "Hooks: two callbacks have the state key '%s'; override stateKey() in one of them"
                        .formatted(key));
    }

    /// {@inheritDoc}
    ///
    /// @throws IllegalArgumentException if two callbacks that have a state have the same key for it
    @Override
    public Fields stateDict() {
        var state = Fields.empty();
        for (Callback callback : callbacks) {
            var own = callback.stateDict();
            if (own.entries().isEmpty()) {
                continue;
            }
            if (state.has(callback.stateKey())) {
                throw twoOf(callback.stateKey());
            }
            state = state.with(callback.stateKey(), own);
        }
        return state;
    }

    /// {@inheritDoc} A callback without a saved state keeps the one it has: it was added since.
    ///
    /// @throws IllegalArgumentException if a state belongs to no callback
    @Override
    public void loadStateDict(Fields state) {
        var unknown = new ArrayList<>(state.entries().keySet());
        callbacks.forEach(callback -> unknown.remove(callback.stateKey()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "Hooks.loadStateDict: the state of callbacks %s was saved, but the run has %s; add them, or leave them out by Resume.without(..)"
                            .formatted(
                                    unknown, callbacks.stream().map(Callback::stateKey).toList()));
        }
        for (Callback callback : callbacks) {
            if (state.has(callback.stateKey())) {
                callback.loadStateDict(state.fields(callback.stateKey()));
            }
        }
    }
}
