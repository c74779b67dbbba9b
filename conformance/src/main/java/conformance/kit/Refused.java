package conformance.kit;

import conformance.check.Answers;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What attempts were refused with.
public final class Refused {
    private Refused() {}

    /// {@return what an attempt throws, if it throws anything}
    ///
    /// @param attempt what is tried
    /// @throws NotUnderstoodException if that is what the attempt throws: then the case is at fault
    public static Optional<Throwable> by(Supplier<? extends @Nullable Object> attempt) {
        try {
            var _ = attempt.get();
            return Optional.empty();
        } catch (NotUnderstoodException e) {
            throw e;
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    /// {@return the answers to what was thrown}
    ///
    /// @param thrown what was thrown, if anything
    public static Answers answers(Optional<Throwable> thrown) {
        var any = thrown.orElse(null);
        return new Answers()
                .to("error_kind", () -> Observed.kind(any))
                .to("raises", () -> Observed.kind(any))
                .to("constructor_raises", () -> Observed.kind(any))
                .to("fit_raises", () -> Observed.kind(any))
                .to("message_contains", () -> Observed.message(any))
                .to("message_regex", () -> Observed.message(any));
    }

    /// {@return the answers to what several attempts have thrown, where the same is expected of all} If some have thrown
    /// nothing or another kind of error, it counts as nothing.
    ///
    /// @param attempts what each has thrown, if anything
    public static Answers all(List<Optional<Throwable>> attempts) {
        var kinds = attempts.stream().map(each -> each.map(Object::getClass)).distinct().toList();
        return answers(kinds.size() == 1 ? attempts.getFirst() : Optional.empty());
    }

    /// {@return the answers to what several attempts have thrown, of each by itself}
    ///
    /// @param kinds what cases call the list of their kinds
    /// @param attempts what each has thrown, if anything
    public static Answers each(String kinds, List<Optional<Throwable>> attempts) {
        return new Answers()
                .to(
                        kinds,
                        () ->
                                attempts.stream()
                                        .map(each -> Observed.kind(each.orElse(null)))
                                        .toList())
                .to(
                        "message_contains",
                        () ->
                                attempts.stream()
                                        .map(each -> Observed.message(each.orElse(null)))
                                        .toList());
    }
}
