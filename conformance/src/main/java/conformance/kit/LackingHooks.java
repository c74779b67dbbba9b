package conformance.kit;

import java.util.List;
import loops.core.training.RunView;

/// What hooks of the original that we have not would be told in our runs, at the places where they would be called.
public final class LackingHooks {
    private static final String BATCH_START = "on_\\w+_batch_start";
    private static final List<String> TRANSFERS =
            List.of(
                    "on_before_batch_transfer",
                    "transfer_batch_to_device",
                    "on_after_batch_transfer");

    private LackingHooks() {}

    /// {@return what those are told who are told of a checkpoint that is written now: the epoch that asks for it, the steps}
    ///
    /// @param run the run that writes it
    public static List<String> saving(RunView run) {
        String told = checkpoint("save", run.epoch(), run.globalStep());
        return List.of(Events.CALLBACK + told, told);
    }

    /// {@return what those are told who are told of a checkpoint that is read}
    ///
    /// @param loaded the checkpoint
    public static List<String> loading(SavedRun loaded) {
        String told = checkpoint("load", loaded.askedInEpoch(), loaded.globalStep());
        return List.of(told, Events.CALLBACK + told);
    }

    private static String checkpoint(String hook, long epoch, long globalStep) {
        return "on_%s_checkpoint[%d, %d]".formatted(hook, epoch, globalStep);
    }

    /// {@return what those are told who hand a batch over}
    ///
    /// @param begun a hook that has begun
    public static List<String> handingOver(Event begun) {
        return begun.name().matches(BATCH_START)
                ? TRANSFERS.stream()
                        .map(name -> "%s[%d]".formatted(name, Math.max(0, begun.place().loader())))
                        .toList()
                : List.of();
    }
}
