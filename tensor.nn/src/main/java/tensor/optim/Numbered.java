package tensor.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tensor.api.Tensor;

/// A transform that treats each parameter alone, with numbers of what the host counts.
///
/// @param <S> what is remembered of one parameter
interface Numbered<S extends TransformState<S>> extends Counting<S> {
    /// {@return the numbers of the next step, as many in each}
    ///
    /// @param state of which the tensors are not looked at
    double[] numbers(S state);

    /// {@return what one gradient makes of a state}
    ///
    /// @param state before
    /// @param gradient of the parameter
    /// @param numbers those of the state
    OneByOne.Step<S> step(S state, Tensor gradient, Numbers numbers);

    /// {@return the state behind the next step, its tensors as they were}
    S counted(S state);

    @Override
    default S count(S state) {
        Numbers.say(numbers(state));
        return counted(state);
    }

    @Override
    default Result<S> update(List<Tensor> gradients, List<S> states, List<Tensor> parameters) {
        List<Tensor> updates = new ArrayList<>(gradients.size());
        List<S> next = new ArrayList<>(gradients.size());
        double[] values = {};
        Numbers numbers = Numbers.of();
        for (int i = 0; i < gradients.size(); i++) {
            double[] wanted = numbers(states.get(i));
            if (!Arrays.equals(wanted, values)) { // most often all have had as many gradients
                values = wanted;
                numbers = Numbers.of(values);
            }
            OneByOne.Step<S> step = step(states.get(i), gradients.get(i), numbers);
            updates.add(step.update());
            next.add(step.state());
        }
        return new Result<>(updates, next);
    }
}
