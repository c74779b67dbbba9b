package loops.recipes;

import java.util.List;
import loops.core.training.Milestone;
import loops.core.training.RunView;

/// A question for an [Oracle]; what the hook `queried` of an [ActiveLearningLoop] tells, so that the run is saved before
/// anybody has to answer.
///
/// @param round the round of labelling, from 0
/// @param candidates the samples whose labels are wanted, those that are wanted most first
/// @param run the whole run, which the oracle may ask to be interrupted
public record Query(int round, List<Candidate> candidates, RunView run) implements Milestone {
    /// Copies the list.
    public Query {
        candidates = List.copyOf(candidates);
    }

    /// {@return the numbers of the samples, in the same order}
    public List<Integer> samples() {
        return candidates.stream().map(Candidate::sample).toList();
    }

    /// {@return the question for some of the samples only}
    Query of(List<Candidate> some) {
        return new Query(round, some, run);
    }
}
