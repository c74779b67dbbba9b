package loops.api;

import java.util.List;

/// A hook of a loop's own: a fixed place in its run at which listeners are told of an event.
///
/// ```java
/// record EpisodeEnd(int episode, double reward) {}
///
/// private final Hook<EpisodeEnd> episodeEnd = hook("episode_end", EpisodeEnd.class);
///
/// @Override
/// protected void onAdvanceEnd(Episodes in) {
///     episodeEnd.fire(in.listeners(), new EpisodeEnd(episode.get(), reward.get()));
/// }
/// ```
///
/// **Resume.** A hook that was fired before the state was taken is not fired again. So it is fired where nothing is
/// called again: in a method that runs no child, after the last child of one, or in `once`. Anything else is found in
/// the first run: the child that is run after it refuses. [Loop#onResume] may fire one that tells of the resume itself.
///
/// Declared by [Loop#hook].
///
/// @param <E> the type of event; best a record
public final class Hook<E> extends Part {
    private final Loop<?, ?> owner;
    private final Class<E> type;
    private final String fired;

    Hook(Loop<?, ?> owner, String name, Class<E> type) {
        super(name);
        this.owner = owner;
        this.type = type;
        this.fired = "hook '" + name + "' was fired";
    }

    /// {@return the name, unique within the loop that declared this hook}
    public String name() {
        return name;
    }

    /// {@return the type of its events}
    public Class<E> type() {
        return type;
    }

    /// Tells the listeners of an event, in the order of their subscription. What one of them throws surfaces at once,
    /// unchanged but for the [LoopTrace] of this loop.
    ///
    /// @param listeners who is told
    /// @param event what they are told
    /// @throws IllegalStateException in `done` or `skip`, which must not do anything, and outside a run
    public void fire(Listeners listeners, E event) {
        var open = owner.machine().open();
        open.requireMayFire(name);
        if (open.watched() >= 0 && !open.inOnce()) {
            open.noteUnsafe(fired);
        }
        var subscriptions = listeners.subscriptions();
        try {
            for (int i = 0; i < subscriptions.size(); i++) {
                subscriptions.get(i).tell(event);
            }
        } catch (Throwable thrown) {
            LoopTrace.mark(thrown, owner.where(), "hook '" + name + "' in " + open.method());
            throw thrown;
        }
    }

    @Override
    String kind() {
        return "hook of " + type.getSimpleName();
    }

    @Override
    List<String> keys() {
        return List.of();
    }

    @Override
    LoopState save(String key) {
        throw new IllegalStateException("Hook '" + name + "' has no state");
    }

    @Override
    void stage(String path, LoopState saved, Staging staging) {
        throw new IllegalStateException("Hook '" + name + "' has no state");
    }

    @Override
    Runnable takeOver(Part old) {
        if (!(old instanceof Hook<?>)) {
            throw otherKind(old);
        }
        return () -> {};
    }

    @Override
    public String toString() {
        return owner.where() + "." + name + ": " + type.getSimpleName();
    }
}
