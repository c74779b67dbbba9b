package loops.api;

import java.util.function.Consumer;

/// One listener and the type of event that it is told of.
///
/// @param type what is told of: events of this type and of its subtypes
/// @param listener is told
/// @param <E> the type of event
public record Subscription<E>(Class<E> type, Consumer<? super E> listener) {

    /// {@return a subscription to all events of a type}
    ///
    /// @param type what is told of: events of this type and of its subtypes
    /// @param listener is told
    /// @param <E> the type of event
    public static <E> Subscription<E> to(Class<E> type, Consumer<? super E> listener) {
        return new Subscription<>(type, listener);
    }

    /// Tells the listener of an event, if it is one that it subscribed to.
    void tell(Object event) {
        if (type.isInstance(event)) {
            listener.accept(type.cast(event));
        }
    }
}
