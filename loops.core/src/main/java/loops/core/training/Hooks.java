package loops.core.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import loops.api.LoopState.Fields;
import loops.api.Stateful;

/// All that listens to a run, in order: the callbacks as they were given, then the module.
///
/// What fires in a fit, from the outside in:
///
/// | hooks | normal end | stop asked for | exception |
/// |---|---|---|---|
/// | `setup`, `teardown` | both | both | both, `onException` between them |
/// | `onFitStart`, `onFitEnd` | both | both | start only |
/// | `onSanityCheckStart/End` | both, unless resumed | both | start only |
/// | `onTrainStart`, `onTrainEnd` | both | both | start only |
/// | `onTrainEpochStart/End` | both | both, the epoch being cut short | start only |
/// | `onTrainBatchStart/End` | both | both | start only |
/// | `onBeforeZeroGrad`, `onBeforeBackward`, `onAfterBackward`, `onBeforeOptimizerStep` | in this order, between the two | the same | up to the place |
/// | `onValidationStart`, `…EpochStart`, `…BatchStart/End`, `…EpochEnd`, `…End` | after the batch's end | the same | up to the place |
///
/// A resumed run fires each hook that had not fired when the state was taken, and none that had, but `setup`,
/// `onFitStart` and, at the end, `onFitEnd` and `teardown` belong to each process.
public final class Hooks implements Stateful {
    private final List<Callback> callbacks;
    private final TrainingHooks module;

    /// Hooks of these callbacks and a module.
    ///
    /// @param callbacks the callbacks, in the order in which they are called
    /// @param module the module
    /// @throws IllegalArgumentException if two callbacks have the same state key
    public Hooks(List<Callback> callbacks, TrainingHooks module) {
        this.callbacks = List.copyOf(callbacks);
        this.module = module;
        var keys = new HashSet<String>();
        for (Callback callback : callbacks) {
            if (!keys.add(callback.stateKey())) {
                throw new IllegalArgumentException(
                        "Hooks: two callbacks have the state key '%s'; override stateKey() in one of them"
                                .formatted(callback.stateKey()));
            }
        }
    }

    /// {@return the callbacks, in their order}
    public List<Callback> callbacks() {
        return callbacks;
    }

    /// Calls one hook of every listener, in order. What a listener throws leaves here at once.
    ///
    /// @param hook calls the hook of one listener
    public void call(Consumer<? super TrainingHooks> hook) {
        for (Callback callback : callbacks) {
            hook.accept(callback);
        }
        hook.accept(module);
    }

    /// Calls one hook of the callbacks alone.
    ///
    /// @param hook calls the hook of one listener
    public void callCallbacks(Consumer<? super Callback> hook) {
        callbacks.forEach(hook);
    }

    /// {@return these callbacks and further ones behind them, around another module}
    ///
    /// @param further listens to that module alone
    /// @param other the module
    /// @throws IllegalArgumentException if two callbacks have the same state key
    public Hooks with(List<Callback> further, TrainingHooks other) {
        var all = new ArrayList<>(callbacks);
        all.addAll(further);
        return new Hooks(all, other);
    }

    /// Calls one hook of every listener, even if some throw.
    ///
    /// @param hook calls the hook of one listener
    /// @return what was thrown, in order
    public List<Throwable> callAll(Consumer<? super TrainingHooks> hook) {
        var thrown = new ArrayList<Throwable>();
        var listeners = new ArrayList<TrainingHooks>(callbacks);
        listeners.add(module);
        for (TrainingHooks listener : listeners) {
            try {
                hook.accept(listener);
            } catch (RuntimeException | Error e) {
                thrown.add(e);
            }
        }
        return thrown;
    }

    @Override
    public Fields stateDict() {
        var state = Fields.empty();
        for (Callback callback : callbacks) {
            var own = callback.stateDict();
            if (!own.entries().isEmpty()) {
                state = state.with(callback.stateKey(), own);
            }
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
                    "Hooks.loadStateDict: the state of callbacks %s was saved, but the run has %s; add them, or delete their state"
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
