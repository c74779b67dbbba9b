package loops.core.training;

import java.util.List;

/// Which optimizers have their turn in which batch of an epoch, and how many turns they have had by then.
///
/// Without frequencies every batch is a turn of all. With them a batch is the turn of one: each has as many batches in a
/// row as its frequency says, in the order of the plan and then from the first on again. An epoch begins with the first.
final class Turns {
    private final List<TrainingOptimizer> all;
    private final List<List<TrainingOptimizer>> alone; // made once: asked for in every step
    private final int cycle;

    /// The turns of the optimizers of a plan.
    Turns(List<TrainingOptimizer> optimizers) {
        all = List.copyOf(optimizers);
        alone = all.stream().map(List::of).toList();
        boolean oneByOne = all.size() > 1 && all.getFirst().planned().frequency().isPresent();
        cycle = oneByOne ? all.stream().mapToInt(Turns::frequency).sum() : 0;
    }

    private static int frequency(TrainingOptimizer optimizer) {
        return optimizer.planned().frequency().orElseThrow();
    }

    /// {@return all optimizers, in the order of the plan}
    List<TrainingOptimizer> all() {
        return all;
    }

    /// {@return those that have their turn in a batch}
    ///
    /// @param batch its number within the epoch, from 0
    List<TrainingOptimizer> in(int batch) {
        return cycle == 0 ? all : alone.get(at(batch));
    }

    /// {@return the place in the plan of the one whose turn a batch is}
    private int at(int batch) {
        int rest = batch % cycle;
        int optimizer = 0;
        while (rest >= frequency(all.get(optimizer))) {
            rest -= frequency(all.get(optimizer));
            optimizer++;
        }
        return optimizer;
    }

    /// {@return how many turns those of a batch have had in the epoch, this one included}
    ///
    /// @param batch its number within the epoch, from 0
    int countAt(int batch) {
        return cycle == 0 ? batch + 1 : count(at(batch), batch + 1);
    }

    /// {@return how many turns an optimizer has in the first batches of an epoch}
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param batches a number of batches
    int count(int optimizer, int batches) {
        if (cycle == 0) {
            return batches;
        }
        int before = 0;
        for (int i = 0; i < optimizer; i++) {
            before += frequency(all.get(i));
        }
        int own = frequency(all.get(optimizer));
        int inLastCycle = Math.clamp(batches % cycle - before, 0, own);
        return batches / cycle * own + inLastCycle;
    }
}
