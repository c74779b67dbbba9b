package tensor.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tensor.api.Tensor;

/// An optimizer whose updates are what the transforms of its groups make of the gradients.
final class TransformOptimizer extends Optimizer {
    TransformOptimizer(List<ParameterGroup> groups) {
        super(groups);
    }

    @Override
    public void step() {
        Tensor.noGrad(() -> groups().forEach(ParameterGroup::step));
        count();
    }

    @Override
    public void loadStateDict(Map<String, Tensor> dict) {
        SavedEntries saved = new SavedEntries(dict);
        List<Runnable> actions = GroupSettings.take(groups(), saved);
        List<Map<String, Tensor>> entries = new ArrayList<>();
        parameters().forEach(_ -> entries.add(new LinkedHashMap<>()));
        List<String> unknown = new ArrayList<>();
        saved.rest()
                .forEach((key, tensor) -> {
                    int index = index(key);
                    if (index >= 0) {
                        entries.get(index).put(key.substring(key.indexOf('.') + 1), tensor);
                    } else {
                        unknown.add(key);
                    }
                });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: unknown %s; the optimizer has %d parameters in %d groups"
                            .formatted(unknown, parameters().size(), groups().size()));
        }
        int first = 0;
        for (ParameterGroup group : groups()) {
            int after = first + group.parameters().size();
            actions.add(group.restore(first, entries.subList(first, after)));
            first = after;
        }
        actions.forEach(Runnable::run);
    }

    /// {@return the index before the first point of a key, or −1 if that is no index of a parameter}
    private int index(String key) {
        int point = key.indexOf('.');
        for (int i = 0; i < parameters().size() && point > 0; i++) {
            if (key.substring(0, point).equals(Integer.toString(i))) {
                return i;
            }
        }
        return -1;
    }
}
