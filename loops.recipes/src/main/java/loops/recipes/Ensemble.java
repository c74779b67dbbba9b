package loops.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Several modules of one kind, whose prediction is the mean of theirs.
///
/// It is not trained as a whole: a loop such as [KFoldLoop] trains its members one by one. A subclass says in
/// [#testStep] how the common prediction is measured.
///
/// @param <M> the type of the members
public abstract class Ensemble<M extends TrainingModule> extends TrainingModule {
    private final List<M> members;

    /// An ensemble of new modules.
    ///
    /// @param size how many
    /// @param factory makes one of them
    /// @throws IllegalArgumentException if there are none
    @SuppressWarnings("this-escape") // the members are declared here, and used only later
    protected Ensemble(int size, Supplier<? extends M> factory) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "Ensemble: size is %d; use a number from 1".formatted(size));
        }
        var made = new ArrayList<M>();
        for (int i = 0; i < size; i++) {
            made.add(child("member_" + i, factory.get()));
        }
        members = List.copyOf(made);
    }

    /// {@return the members, in their order}
    public final List<M> members() {
        return members;
    }

    /// {@return the mean of the members' predictions}
    @Override
    public Tensor predictStep(Batch batch, Step step) {
        Tensor sum = members.getFirst().predictStep(batch, step);
        for (M member : members.subList(1, members.size())) {
            sum = sum.add(member.predictStep(batch, step));
        }
        return sum.div(members.size());
    }

    /// {@inheritDoc} An ensemble has none; each member has its own.
    ///
    /// @throws UnsupportedOperationException always
    @Override
    public final Tensor trainingStep(Batch batch, Step step) {
        throw new UnsupportedOperationException(
                "%s: an ensemble is not trained as a whole; train its members, for instance by KFoldLoop"
                        .formatted(getClass().getSimpleName()));
    }

    /// {@return no optimizers}
    @Override
    public final OptimizerPlan configureOptimizers() {
        return OptimizerPlan.none();
    }
}
