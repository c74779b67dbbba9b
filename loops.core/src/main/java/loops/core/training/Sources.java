package loops.core.training;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

/// The sources of a fit: asked for when they are first wanted, kept, and asked for again every so many epochs if the
/// plan says so.
///
/// It holds no state: a resumed fit asks its data again.
public final class Sources {
    private static final System.Logger LOG = System.getLogger(Sources.class.getName());

    private final DataModule data;
    private final FitPlan plan;
    private final boolean validates;
    private @Nullable BatchSource train;
    private int trainEpoch;
    private @Nullable List<BatchSource> validation;
    private int validationEpoch;
    private boolean tried;

    /// The sources of a data module.
    ///
    /// @param data is asked for them
    /// @param plan says how often, and which part of them is used
    /// @param validates whether the module has a validation step
    public Sources(DataModule data, FitPlan plan, boolean validates) {
        this.data = data;
        this.plan = plan;
        this.validates = validates;
    }

    /// {@return the batches to learn from}
    ///
    /// @param epoch the epoch, from 0
    public BatchSource train(int epoch) {
        var known = train;
        if (known == null || due(epoch, trainEpoch)) {
            known = data.trainBatches();
            if (plan.overfit()) {
                known = new FirstEpoch(known);
            }
            train = known;
            trainEpoch = epoch;
        }
        return known;
    }

    /// {@return the batches to learn from that are in use, those of epoch 0 if none are}
    public BatchSource train() {
        var known = train;
        return known == null ? train(0) : known;
    }

    /// {@return the sources to validate on; none if the plan or the module does not validate}
    ///
    /// @param epoch the epoch, from 0
    public List<BatchSource> validation(int epoch) {
        if (!validates || plan.validationLimit().none()) {
            return List.of();
        }
        var known = validation;
        if (known == null || dueForValidation(epoch)) {
            boolean first = known == null;
            known = List.copyOf(data.validationBatches());
            if (first && known.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "the module has a validationStep, and validationBatches() gives none; there is no validation");
            }
            validation = known;
            validationEpoch = epoch;
        }
        tried = false;
        return known;
    }

    /// {@return the sources to try before training} They serve the first epoch too. If the plan has sources asked for
    /// again, the first validation of a later epoch asks, whenever that is.
    public List<BatchSource> sanity() {
        var known = validation(0);
        tried = true;
        return known;
    }

    /// {@return the batches of one validation on the sources in use, if their number is known; 0 if none are in use} No
    /// source is asked for.
    public OptionalInt validationBatchCount() {
        var known = validation;
        int batches = 0;
        for (BatchSource source : known == null ? List.<BatchSource>of() : known) {
            var some = plan.validationLimit().of(source.batchCount());
            if (some.isEmpty()) {
                return some;
            }
            batches += some.getAsInt();
        }
        return OptionalInt.of(batches);
    }

    private boolean dueForValidation(int epoch) {
        boolean onlyTried = tried && epoch > 0 && plan.reloadEvery() > 0;
        return onlyTried || due(epoch, validationEpoch);
    }

    private boolean due(int epoch, int last) {
        return plan.reloadEvery() > 0 && epoch - last >= plan.reloadEvery();
    }

    /// A source that has the batches of its first epoch in every epoch.
    private record FirstEpoch(BatchSource all) implements BatchSource {
        @Override
        public OptionalInt batchCount() {
            return all.batchCount();
        }

        @Override
        public BatchCursor open(long epoch, long position) {
            return all.open(0, position);
        }
    }
}
