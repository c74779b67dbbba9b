package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import tensor.api.Tensor;

/// Sets rates and momenta as a schedule says.
final class ScheduleRunner extends Scheduler {
    private static final String BASES = "base_learning_rates";

    private final Schedule schedule;

    /// Learning rates of the groups before step 0.
    private double[] bases;

    ScheduleRunner(Optimizer optimizer, Schedule schedule) {
        schedule.checkFits(optimizer);
        super(optimizer);
        this.schedule = schedule;
        this.bases =
                optimizer.groups().stream().mapToDouble(ParameterGroup::learningRate).toArray();
    }

    void start() {
        set(0);
    }

    @Override
    public boolean monitorsMetric() {
        return false;
    }

    @Override
    public void step() {
        set(steps() + 1);
        count();
    }

    private void set(long step) {
        List<ParameterGroup> groups = optimizer().groups();
        double[] rates = new double[groups.size()];
        List<OptionalDouble> momenta = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            rates[i] = schedule.learningRate(step, i, groups.get(i).learningRate(), bases[i]);
            momenta.add(schedule.momentum(step, i));
        }
        for (int i = 0; i < rates.length; i++) {
            groups.get(i).learningRate(rates[i]);
            momenta.get(i).ifPresent(groups.get(i)::momentum);
        }
    }

    @Override
    void write(SequencedMap<String, Tensor> dict) {
        dict.put(BASES, Tensor.of(bases));
    }

    @Override
    void read(Map<String, Tensor> dict) {
        bases = entry(dict, BASES).toDoubles();
    }
}
