package loops.recipes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import loops.api.Codec;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;

/// Asks an oracle until all labels of a query are there. Each step asks for those that are missing, so a run can be cut
/// while it waits, and goes on with the answers that it had.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class OracleLoop extends Loop<Query, List<Labelled>> {
    private final ListCell<Labelled> answers = listCell("answers", Labelled.CODEC);
    private final Oracle oracle;

    /// A loop that asks.
    ///
    /// @param oracle is asked
    public OracleLoop(Oracle oracle) {
        this.oracle = oracle;
    }

    @Override
    protected Fields inputKey(Query query) {
        return Fields.empty().with("round", query.round());
    }

    @Override
    protected void reset(Query query) {
        answers.clear();
    }

    @Override
    protected boolean done(Query query) {
        return answers.size() == query.candidates().size();
    }

    @Override
    protected void advance(Query query) {
        var missing = query.of(missing(query));
        var labels = oracle.labels(missing);
        if (labels == null) {
            throw new IllegalStateException(
                    "Oracle: gives null for %s; give the labels that are known, or an empty map"
                            .formatted(missing.samples()));
        }
        requireAsked(missing, labels.keySet());
        for (Candidate candidate : missing.candidates()) {
            Long label = labels.get(candidate.sample());
            if (label != null) {
                answers.add(new Labelled(query.round(), candidate, label));
            }
        }
    }

    private List<Candidate> missing(Query query) {
        var answered = new HashSet<Integer>();
        answers.all().forEach(labelled -> answered.add(labelled.sample()));
        return query.candidates().stream()
                .filter(candidate -> !answered.contains(candidate.sample()))
                .toList();
    }

    private static void requireAsked(Query query, Set<Integer> labelled) {
        var foreign = new HashSet<>(labelled);
        query.samples().forEach(foreign::remove);
        if (!foreign.isEmpty()) {
            throw new IllegalStateException(
                    "Oracle: gives labels for %s, asked for %s; give those of samples that the query names"
                            .formatted(foreign.stream().sorted().toList(), query.samples()));
        }
    }

    /// In the order of the query: who was asked first does not matter.
    @Override
    protected List<Labelled> onRunEnd(Query query) {
        Map<Integer, Labelled> bySample = new HashMap<>();
        answers.all().forEach(labelled -> bySample.put(labelled.sample(), labelled));
        answers.clear();
        return query.samples().stream().map(bySample::get).toList();
    }

    @Override
    protected Optional<Codec<List<Labelled>>> outputCodec() {
        return Optional.of(Codec.listOf(Labelled.CODEC));
    }
}
