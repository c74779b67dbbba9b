package loops.core.training;

import java.util.Optional;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import tensor.api.Parameter;
import tensor.api.RowGradient;

/// The gradient of a parameter as state: all of it, or its rows and which they are.
final class GradientState {
    private static final String ROWS = "rows";
    private static final String VALUES = "values";

    private GradientState() {}

    static Optional<LoopState> of(Parameter parameter) {
        return parameter
                .rowGrad()
                .<LoopState>map(gradient ->
                        Fields.empty()
                                .with(ROWS, TensorState.of(gradient.rows()))
                                .with(VALUES, TensorState.of(gradient.values())))
                .or(() -> parameter.grad().map(TensorState::of));
    }

    static void restore(Parameter parameter, LoopState saved) {
        if (saved instanceof Fields rows) {
            parameter.rowGrad(
                    RowGradient.of(
                            TensorState.CODEC.decode(rows.get(ROWS)),
                            TensorState.CODEC.decode(rows.get(VALUES))));
        } else {
            parameter.grad(TensorState.CODEC.decode(saved));
        }
    }
}
