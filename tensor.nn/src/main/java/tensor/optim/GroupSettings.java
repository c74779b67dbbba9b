package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tensor.api.Tensor;

/// Learning rates and momenta of groups as entries of a state dict: `group.0.learning_rate`, `group.0.momentum`.
final class GroupSettings {
    private GroupSettings() {}

    static String rateKey(int group) {
        return "group." + group + ".learning_rate";
    }

    static String momentumKey(int group) {
        return "group." + group + ".momentum";
    }

    static void write(List<ParameterGroup> groups, Map<String, Tensor> dict) {
        for (int i = 0; i < groups.size(); i++) {
            int index = i;
            ParameterGroup group = groups.get(i);
            dict.put(rateKey(i), Tensor.scalar(group.learningRate()));
            group.momentum().ifPresent(value -> dict.put(momentumKey(index), Tensor.scalar(value)));
        }
    }

    /// {@return what sets the groups as their entries say; nothing is changed before}
    static List<Runnable> take(List<ParameterGroup> groups, SavedEntries saved) {
        List<Runnable> actions = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            ParameterGroup group = groups.get(i);
            double rate = saved.take(rateKey(i)).item();
            Settings.notNegative("Optimizer", "learningRate", rate);
            actions.add(() -> group.learningRate(rate));
            if (group.momentum().isPresent()) {
                actions.add(group.restoreMomentum(saved.take(momentumKey(i)).item()));
            }
        }
        return actions;
    }
}
