package loops.api;

import java.util.List;
import java.util.stream.Collectors;

/// Something that a method of a loop calls and that others see: a hook, or the run of a child. A [HookOrder] is made of
/// these.
public sealed interface Call {

    /// A hook is called.
    ///
    /// @param name the name that listeners know it by
    record ToHook(String name) implements Call {
        @Override
        public String toString() {
            return "calls " + name;
        }
    }

    /// A child is run.
    ///
    /// @param slot the name of its place
    record ToChild(String slot) implements Call {
        @Override
        public String toString() {
            return "runs " + slot;
        }
    }

    /// Calls that are made or not.
    ///
    /// @param condition when they are made, in words
    /// @param calls what is called then, in order
    record When(String condition, List<Call> calls) implements Call {
        /// Copies the list.
        public When {
            calls = List.copyOf(calls);
        }

        @Override
        public String toString() {
            return "when " + condition + " (" + Call.text(calls) + ")";
        }
    }

    /// Calls that are made any number of times, once for each of something.
    ///
    /// @param item for each of what, in words
    /// @param calls what is called for each, in order
    record Each(String item, List<Call> calls) implements Call {
        /// Copies the list.
        public Each {
            calls = List.copyOf(calls);
        }

        @Override
        public String toString() {
            return "for each " + item + " (" + Call.text(calls) + ")";
        }
    }

    /// {@return the call of a hook that is a method of the listeners}
    ///
    /// @param hook the name of the method
    static Call calls(String hook) {
        return new ToHook(hook);
    }

    /// {@return the call of a hook that the loop declares}
    ///
    /// @param hook what is fired
    static Call calls(Hook<?> hook) {
        return new ToHook(hook.name());
    }

    /// {@return the run of a child}
    ///
    /// @param slot its place
    static Call runs(Slot<?, ?> slot) {
        return new ToChild(slot.name());
    }

    /// {@return calls that are made or not}
    ///
    /// @param condition when they are made, in words: `"validation is due"`
    /// @param calls what is called then, in order
    static Call when(String condition, Call... calls) {
        return new When(condition, List.of(calls));
    }

    /// {@return calls that are made any number of times, once for each of something}
    ///
    /// @param item for each of what, in words: `"loader"`
    /// @param calls what is called for each, in order
    static Call each(String item, Call... calls) {
        return new Each(item, List.of(calls));
    }

    /// {@return calls as a text: `calls onTrainStart, runs epoch_loop`}
    ///
    /// @param calls in order
    static String text(List<Call> calls) {
        return calls.stream().map(Call::toString).collect(Collectors.joining(", "));
    }
}
