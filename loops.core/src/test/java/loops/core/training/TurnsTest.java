package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.optim.Sgd;

class TurnsTest {
    private static Turns turns(int... frequencies) {
        var optimizers = new ArrayList<TrainingOptimizer>();
        for (int frequency : frequencies) {
            var sgd = Sgd.of(List.of(Parameter.of(Tensor.scalar(0f))), 0.1);
            var planned = PlannedOptimizer.of(sgd);
            optimizers.add(
                    new TrainingOptimizer(
                            frequency == 0 ? planned : planned.frequency(frequency),
                            optimizers.size()));
        }
        return new Turns(optimizers);
    }

    private static List<List<Integer>> inFirst(int batches, Turns turns) {
        return IntStream.range(0, batches)
                .mapToObj(batch -> turns.in(batch).stream().map(TrainingOptimizer::index).toList())
                .toList();
    }

    private static List<Integer> countsAt(int batches, Turns turns) {
        return IntStream.range(0, batches).map(turns::countAt).boxed().toList();
    }

    @Test
    void withoutFrequenciesEveryBatchIsATurnOfAll() {
        var turns = turns(0, 0);

        assertEquals(List.of(List.of(0, 1), List.of(0, 1)), inFirst(2, turns));
        assertEquals(List.of(1, 2, 3), countsAt(3, turns));
        assertEquals(3, turns.count(1, 3));
    }

    @Test
    void oneOptimizerHasEveryTurnWhateverItsFrequency() {
        var turns = turns(2);

        assertEquals(List.of(List.of(0), List.of(0), List.of(0)), inFirst(3, turns));
        assertEquals(List.of(1, 2, 3), countsAt(3, turns));
    }

    @Test
    void withFrequenciesEachHasItsBatchesInARow() {
        var turns = turns(2, 1);

        assertEquals(
                List.of(List.of(0), List.of(0), List.of(1), List.of(0), List.of(0), List.of(1)),
                inFirst(6, turns));
        assertEquals(List.of(1, 2, 1, 3, 4, 2), countsAt(6, turns));
        assertEquals(
                List.of(0, 1, 2, 2, 3, 4, 4),
                IntStream.rangeClosed(0, 6).map(n -> turns.count(0, n)).boxed().toList());
        assertEquals(
                List.of(0, 0, 0, 1, 1, 1, 2),
                IntStream.rangeClosed(0, 6).map(n -> turns.count(1, n)).boxed().toList());
    }

    @Test
    void withoutOptimizersThereAreBatchesAllTheSame() {
        var turns = turns();

        assertEquals(List.of(), turns.in(4));
        assertEquals(5, turns.countAt(4));
    }
}
