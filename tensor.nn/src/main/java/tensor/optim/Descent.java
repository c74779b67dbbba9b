package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;

/// `p − learningRate · u`.
final class Descent {
    private static final Fusion DESCENT =
            Fusion.of("descent", in -> in.get(0).add(in.get(1).mul(in.get(2))));

    private Descent() {}

    static List<Tensor> of(List<Tensor> parameters, List<Tensor> updates, double learningRate) {
        var step = Numbers.of(-learningRate);
        List<Tensor> next = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            next.add(DESCENT.apply(step.behind(List.of(parameters.get(i), updates.get(i)))));
        }
        return next;
    }
}
