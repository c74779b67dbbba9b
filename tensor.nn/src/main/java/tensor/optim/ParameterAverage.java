package tensor.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongToDoubleFunction;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// A running mean of parameters, which often does better on new data than the parameters themselves.
///
/// ```text
/// exponential   a ← decay·a + (1 − decay)·p        recent values count most (EMA)
/// uniform       a ← n/(n + 1)·a + 1/(n + 1)·p      the n values before and this one count alike (SWA)
/// ```
///
/// The first value enters whole.
///
/// ```java
/// var average = ParameterAverage.exponential(model.parameters(), 0.999);
/// optimizer.step();
/// average.update();
/// average.swap();          // the model now has the averages
/// validate(model);
/// average.swap();          // and now its own values again
/// ```
///
/// (Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Izmailov and others, "Averaging
/// weights leads to wider optima and better generalization", 2018.)
///
/// **Ownership.** The averages belong to no scope. **Threads.** Used by one thread at a time.
public final class ParameterAverage {
    private static final String UPDATES = "updates";
    private static final String SWAPPED = "swapped";

    private final List<Parameter> parameters;
    private final LongToDoubleFunction decay;

    /// What the parameters do not have at present, one a parameter: the averages, or if swapped the own values.
    private List<Tensor> others = List.of();

    private long updates;
    private boolean swapped;

    private ParameterAverage(List<Parameter> parameters, LongToDoubleFunction decay) {
        this.parameters = List.copyOf(parameters);
        this.decay = decay;
    }

    /// {@return a mean of these parameters that has seen no value yet, and in which old values fade}
    ///
    /// @param parameters what is averaged
    /// @param decay what is kept of the mean at each update, from 0 to below 1
    /// @throws IllegalArgumentException if the decay is out of its range
    public static ParameterAverage exponential(List<Parameter> parameters, double decay) {
        double kept = Settings.fraction("ParameterAverage", "decay", decay);
        return new ParameterAverage(parameters, updates -> kept);
    }

    /// {@return a mean of these parameters that has seen no value yet, and in which all values count alike}
    ///
    /// @param parameters what is averaged
    public static ParameterAverage uniform(List<Parameter> parameters) {
        return new ParameterAverage(parameters, updates -> updates / (updates + 1.0));
    }

    /// {@return how many values have entered}
    public long updates() {
        return updates;
    }

    /// {@return whether the parameters have the averages at present}
    public boolean swapped() {
        return swapped;
    }

    /// Lets the present values of the parameters enter.
    ///
    /// @throws IllegalStateException if the parameters have the averages
    public void update() {
        if (swapped) {
            throw new IllegalStateException(
                    "ParameterAverage.update: the parameters have the averages; swap them back"
                            + " first");
        }
        double kept = decay.applyAsDouble(updates);
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Tensor value = parameters.get(i).ownValue().detach();
            next.add(
                    updates == 0 ? value.copy() : others.get(i).mul(kept).add(value.mul(1 - kept)));
        }
        replace(next);
        updates++;
    }

    /// {@return the averages, one a parameter} The tensors are those in use, until the next update or swap.
    ///
    /// @throws IllegalStateException if there has been no update
    public List<Tensor> averages() {
        checkUpdated("averages");
        return swapped
                ? parameters.stream().map(parameter -> parameter.ownValue().detach()).toList()
                : others;
    }

    /// Gives the parameters the averages, or if they have them their own values again.
    ///
    /// @throws IllegalStateException if there has been no update
    public void swap() {
        checkUpdated("swap");
        List<Tensor> values =
                parameters.stream().map(parameter -> parameter.ownValue().detach().copy()).toList();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).assign(others.get(i));
        }
        replace(values);
        swapped = !swapped;
    }

    /// {@return the averages and whether they are swapped with the parameters} Keys are `updates`, `swapped` and for each
    /// parameter its index; a swapped average is in the parameter, and its own value is here.
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> dict = new LinkedHashMap<>();
        dict.put(UPDATES, Tensor.scalar(updates));
        dict.put(SWAPPED, Tensor.scalar(swapped ? 1L : 0L));
        for (int i = 0; i < others.size(); i++) {
            dict.put(Integer.toString(i), others.get(i));
        }
        return dict;
    }

    /// Takes over what [#stateDict] of an average of equal parameters gave. Nothing is changed if anything does not fit.
    ///
    /// @param dict the saved state
    /// @throws IllegalArgumentException if entries are missing or unknown, or do not fit their parameters
    public void loadStateDict(Map<String, Tensor> dict) {
        SavedEntries saved = new SavedEntries(dict);
        long count = saved.take(UPDATES).itemLong();
        boolean swap = saved.take(SWAPPED).itemLong() != 0;
        List<Tensor> loaded = new ArrayList<>();
        for (int i = 0; i < parameters.size() && count > 0; i++) {
            loaded.add(saved.takeLike(Integer.toString(i), parameters.get(i).ownValue()));
        }
        saved.checkEmpty("ParameterAverage");
        replace(loaded);
        updates = count;
        swapped = swap;
    }

    private void replace(List<Tensor> next) {
        List<Tensor> before = others;
        others = next.stream().map(TensorScope::take).toList();
        before.forEach(TensorScope::give);
    }

    private void checkUpdated(String method) {
        if (updates == 0) {
            throw new IllegalStateException(
                    "ParameterAverage.%s: there has been no update yet, so there is no average"
                            .formatted(method));
        }
    }
}
