package loops.core.callback;

import java.util.List;
import loops.core.Slope;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import loops.core.training.StepResult;

/// A module whose validations measure what they are told: the numbers of a list, one an epoch or one each.
final class Series extends Slope {
    private final boolean eachValidation;
    private final double[] values;
    private int validations;

    private Series(boolean eachValidation, double... values) {
        this.eachValidation = eachValidation;
        this.values = values;
    }

    /// The value of an epoch is the one with its number.
    static Series perEpoch(double... values) {
        return new Series(false, values);
    }

    /// Each validation has the next value.
    static Series perValidation(double... values) {
        return new Series(true, values);
    }

    @Override
    public void validationEpochEnd(RunView run, List<List<StepResult>> results) {
        int index = eachValidation ? validations : run.epoch();
        validations++;
        if (index < values.length) {
            run.log("value", values[index]);
        }
    }

    /// {@return the validations so far}
    int validations() {
        return validations;
    }

    /// {@return epochs of two batches, and one validation batch}
    static DataModule data() {
        return Slope.data(Slope.points(4, 2));
    }
}
