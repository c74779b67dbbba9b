package loops.recipes;

import loops.api.Codec;
import loops.api.LoopState.Fields;

/// A sample that has its label: a line in the log of an [ActiveLearningLoop].
///
/// @param round the round in which the label was asked for, from 0
/// @param candidate the sample, and its score at that time; 0 in round 0, where samples are drawn
/// @param label what the oracle said
public record Labelled(int round, Candidate candidate, long label) {
    static final Codec<Labelled> CODEC =
            Codec.of(
                    "a sample with its label",
                    labelled ->
                            Fields.empty()
                                    .with("round", labelled.round)
                                    .with("candidate", Candidate.CODEC.encode(labelled.candidate))
                                    .with("label", labelled.label),
                    state -> read((Fields) state));

    private static Labelled read(Fields state) {
        return new Labelled(
                Math.toIntExact(state.num("round")),
                Candidate.CODEC.decode(state.get("candidate")),
                state.num("label"));
    }

    /// {@return the number of the sample in the pool, from 0}
    public int sample() {
        return candidate.sample();
    }
}
