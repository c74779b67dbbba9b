package loops.recipes;

import loops.api.Codec;
import loops.api.LoopState.Fields;

/// A sample whose label is wanted.
///
/// @param sample its number in the pool, from 0
/// @param score how much it is wanted: the higher, the more
public record Candidate(int sample, double score) {
    static final Codec<Candidate> CODEC =
            Codec.of(
                    "a candidate",
                    candidate ->
                            Fields.empty()
                                    .with("sample", candidate.sample)
                                    .with("score", candidate.score),
                    state -> read((Fields) state));

    private static Candidate read(Fields state) {
        return new Candidate(
                Math.toIntExact(state.num("sample")), Codec.DOUBLE.decode(state.get("score")));
    }
}
