package loops.api.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Supplier;
import loops.api.Loop;
import loops.api.Stateful;

/// Loops with faults, run by [ResumeCheck].
final class Faults {
    private Faults() {}

    static <L extends Loop<Notes, Long>> Supplier<Scenario<Notes, Long>> scenarios(
            Supplier<L> loop) {
        return scenarios(loop, Notes::new);
    }

    static <L extends Loop<Notes, Long>> Supplier<Scenario<Notes, Long>> scenarios(
            Supplier<L> loop, Supplier<Notes> world) {
        return () -> {
            var notes = world.get();
            return new Scenario<>(loop.get(), notes, (Stateful) notes);
        };
    }

    static <L extends Loop<Notes, Long>> void found(String message, Supplier<L> loop) {
        found(message, loop, Notes::new);
    }

    static <L extends Loop<Notes, Long>> void found(
            String message, Supplier<L> loop, Supplier<Notes> world) {
        var error =
                assertThrows(
                        AssertionError.class, () -> ResumeCheck.everyCut(scenarios(loop, world)));

        assertEquals(message, error.getMessage());
    }

    static <L extends Loop<Notes, Long>> void refused(String message, Supplier<L> loop) {
        var error =
                assertThrows(
                        IllegalStateException.class, () -> ResumeCheck.everyCut(scenarios(loop)));

        assertEquals(message, error.getMessage());
    }
}
