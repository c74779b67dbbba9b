package loops.api;

import java.util.List;

/// Who is told of what loops fire by their [Hook]s. It comes to a loop with its input: a loop knows nobody above.
///
/// ```java
/// var listeners = Listeners.of(
///         Subscription.to(EpisodeEnd.class, end -> rewards.add(end.reward())),
///         Subscription.to(NewRecord.class, record -> System.out.println(record)));
/// ```
@FunctionalInterface
public interface Listeners {
    /// Nobody.
    Listeners NONE = List::of;

    /// {@return the subscriptions, in the order in which they are told; always the same}
    List<Subscription<?>> subscriptions();

    /// {@return those who have these subscriptions, told in this order}
    ///
    /// @param subscriptions the listeners with what they want to be told of
    static Listeners of(Subscription<?>... subscriptions) {
        var inOrder = List.of(subscriptions);
        return () -> inOrder;
    }
}
