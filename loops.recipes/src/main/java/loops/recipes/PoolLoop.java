package loops.recipes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.ListCell;
import loops.api.LongCell;
import loops.api.Loop;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Scores the samples of a pool, batch by batch, and gives those that are wanted most, the most wanted one first. Of equal
/// scores the sample with the smaller number comes first.
///
/// The module is in evaluation, and so are its random streams afterwards what they were. With several passes its
/// [dropout][tensor.nn.Dropout] is at work, with a new mask in each pass; all other parts stay in evaluation.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class PoolLoop extends Loop<PoolRun, List<Candidate>> {
    private final ListCell<Double> scores = listCell("scores", Codec.DOUBLE);
    private final LongCell batches = longCell("batches", 0);
    private final Derived<BatchCursor> cursor = derived("cursor");

    /// A loop over the batches of a pool.
    public PoolLoop() {}

    @Override
    protected void reset(PoolRun run) {
        scores.clear();
        batches.set(0);
    }

    @Override
    protected boolean done(PoolRun run) {
        return !cursor(run).hasNext();
    }

    private BatchCursor cursor(PoolRun run) {
        return cursor.get(() -> run.source().open(0, batches.get()));
    }

    @Override
    protected void advance(PoolRun run) {
        double[] scored =
                TensorScope.call(
                        "pool batch",
                        _ -> Tensor.noGrad(() -> scores(run, cursor(run).next()).toDoubles()));
        for (double score : scored) {
            scores.add(score);
        }
        batches.set(batches.get() + 1);
    }

    private Tensor scores(PoolRun run, Batch batch) {
        var key = run.key().fold(batches.get());
        var predicted = new RandomPasses(run.scope(), run.passes(), key.fold("dropout")).of(batch);
        Tensor scored = run.heuristic().scores(predicted, key.fold("heuristic"));
        if (!scored.shape().equals(Shape.of(batch.size()))) {
            throw new ShapeException(
                    "Heuristic: gives scores of shape %s for a batch of %d samples; give one for each, of shape [%d]"
                            .formatted(scored.shape(), batch.size(), batch.size()),
                    scored.shape());
        }
        return scored;
    }

    @Override
    protected List<Candidate> onRunEnd(PoolRun run) {
        var all = scores.all();
        scores.clear();
        if (all.size() != run.samples().size()) {
            throw new IllegalStateException(
                    "PoolData: unlabelled(..) gives %d samples, asked for %d; give a batch source of exactly these"
                            .formatted(all.size(), run.samples().size()));
        }
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Candidate(run.samples().get(i), number(run, i, all.get(i))))
                .sorted(
                        Comparator.comparingDouble(Candidate::score)
                                .reversed()
                                .thenComparingInt(Candidate::sample))
                .limit(run.wanted())
                .toList();
    }

    /// A network that has diverged would be asked about the first samples for ever.
    private static double number(PoolRun run, int place, double score) {
        if (Double.isNaN(score)) {
            throw new IllegalStateException(
                    "Heuristic: the score of sample %d is NaN; look at what the module predicts for it, and learn with a smaller rate"
                            .formatted(run.samples().get(place)));
        }
        return score;
    }

    @Override
    protected Optional<Codec<List<Candidate>>> outputCodec() {
        return Optional.of(Codec.listOf(Candidate.CODEC));
    }
}
