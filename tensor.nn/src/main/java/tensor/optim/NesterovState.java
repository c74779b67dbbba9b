package tensor.optim;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// The moments of gradients that NAdam keeps.
///
/// @param moments as Adam's
/// @param product of the momenta of all steps so far
record NesterovState(AdamState moments, double product) implements TransformState<NesterovState> {
    static final String PRODUCT = "mu_product";

    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> entries = moments.stateDict();
        entries.put(PRODUCT, Tensor.scalar(product));
        return entries;
    }

    @Override
    public NesterovState map(UnaryOperator<Tensor> change) {
        return new NesterovState(moments.map(change), product);
    }
}
