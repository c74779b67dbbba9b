package conformance.rule;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How often the schedulers of a fit have moved, at every place of it, in the original and here.
///
/// The original chooses the schedulers that move by the optimizer whose turn it would be if batches were counted over all
/// epochs, and begins to count the batches between two moves anew in each epoch. Here a scheduler counts the steps of its
/// own optimizer, or the epochs.
final class SchedulerMoves {
    private static final int BATCHES = 64;

    /// When a scheduler moves.
    ///
    /// @param perStep whether after steps of its optimizer; after epochs if not
    /// @param frequency after how many of them
    private record Row(boolean perStep, long frequency) {}

    /// How often a scheduler has moved.
    ///
    /// @param theirs in the original
    /// @param ours here
    record Count(long theirs, long ours) {
        /// {@return how much more often ours has moved}
        long more() {
            return ours - theirs;
        }

        /// {@return how many more times ours has moved as often as it takes to change a rate}
        ///
        /// @param moves how many moves change a rate
        long changesMore(long moves) {
            return ours / moves - theirs / moves;
        }
    }

    private final List<Row> schedulers;
    private final List<Long> turns;
    private final long accumulated;
    private final long[] steps;
    private final long[] theirs;
    private final long[] ours;

    /// By epoch, before each of its batches.
    private final List<List<List<Count>>> entered = new ArrayList<>();

    private SchedulerMoves(List<Row> schedulers, List<Long> turns, long accumulated) {
        this.schedulers = schedulers;
        this.turns = turns;
        this.accumulated = accumulated;
        this.steps = new long[schedulers.size()];
        this.theirs = new long[schedulers.size()];
        this.ours = new long[schedulers.size()];
    }

    /// {@return the moves of a fit}
    ///
    /// @param setup says how long it is, and how optimizers take turns
    static SchedulerMoves of(Fields setup) {
        var moves =
                new SchedulerMoves(
                        rows(setup),
                        Change.items(setup, "optimizer_frequencies").stream()
                                .filter(Whole.class::isInstance)
                                .map(each -> ((Whole) each).value())
                                .toList(),
                        Change.whole(setup, 1, "trainer", "accumulate_grad_batches"));
        long batches = Change.whole(setup, BATCHES, "trainer", "limit_train_batches");
        for (long epoch = 0; epoch < Change.whole(setup, 0, "trainer", "max_epochs"); epoch++) {
            moves.train(epoch, batches);
        }
        return moves;
    }

    private static List<Row> rows(Fields setup) {
        var rows = new ArrayList<Row>();
        for (Json interval : Change.items(setup, "scheduler_intervals")) {
            rows.add(row(Fields.EMPTY.with("interval", interval)));
        }
        for (Json each : Change.items(setup, "sched")) {
            rows.add(row(each instanceof Fields fields ? fields : Fields.EMPTY));
        }
        return rows;
    }

    private static Row row(Fields scheduler) {
        return new Row(
                Change.text(scheduler, "interval").equals("step"),
                Change.whole(scheduler, 1, "frequency"));
    }

    private void train(long epoch, long batches) {
        var batchesEntered = new ArrayList<List<Count>>();
        entered.add(batchesEntered);
        for (long batch = 0; batch < batches; batch++) {
            batchesEntered.add(atEnd());
            if ((batch + 1) % accumulated == 0 || batch == batches - 1) {
                step(epoch * batches + batch, batch);
            }
        }
        for (int i = 0; i < schedulers.size(); i++) {
            if (!schedulers.get(i).perStep() && (epoch + 1) % schedulers.get(i).frequency() == 0) {
                ours[i]++;
                theirs[i] += hasTurn(i, (epoch + 1) * batches - 1) ? 1 : 0;
            }
        }
    }

    /// @param ofAll the batch, counted over all epochs
    /// @param batch the batch, counted in its epoch
    private void step(long ofAll, long batch) {
        for (int i = 0; i < schedulers.size(); i++) {
            var scheduler = schedulers.get(i);
            if (hasTurn(i, batch)) {
                steps[i]++;
                ours[i] += scheduler.perStep() && steps[i] % scheduler.frequency() == 0 ? 1 : 0;
            }
            if (scheduler.perStep() && hasTurn(i, ofAll)) {
                theirs[i] += (batch + 1) % scheduler.frequency() == 0 ? 1 : 0;
            }
        }
    }

    /// {@return whether an optimizer is used at a batch: each has its number of batches in a row, or all are}
    private boolean hasTurn(int optimizer, long batch) {
        if (turns.isEmpty()) {
            return true;
        }
        long place = batch % turns.stream().mapToLong(Long::longValue).sum();
        int turn = 0;
        while (place >= turns.get(turn)) {
            place -= turns.get(turn);
            turn++;
        }
        return turn == optimizer;
    }

    /// {@return how often each scheduler has moved where a batch is entered; empty where there is no such place}
    ///
    /// @param epoch counted from 0
    /// @param batch counted from 0
    Optional<List<Count>> at(long epoch, long batch) {
        return has(entered, epoch) && has(entered.get((int) epoch), batch)
                ? Optional.of(entered.get((int) epoch).get((int) batch))
                : Optional.empty();
    }

    private static boolean has(List<?> places, long place) {
        return place >= 0 && place < places.size();
    }

    /// {@return how often each scheduler has moved at the end of the fit}
    List<Count> atEnd() {
        return IntStream.range(0, schedulers.size())
                .mapToObj(i -> new Count(theirs[i], ours[i]))
                .toList();
    }

    /// {@return how much more often ours have moved in the last epoch, all together}
    long moreInLastEpoch() {
        return more(atEnd()) - at(entered.size() - 1L, 0).map(SchedulerMoves::more).orElse(0L);
    }

    /// {@return how much more often ours have moved, all together}
    static long more(List<Count> counts) {
        return counts.stream().mapToLong(Count::more).sum();
    }
}
