package conformance.kit;

import conformance.kit.Event.Place;
import loops.core.training.EpochRun;
import loops.core.training.LoaderRun;
import loops.core.training.RunView;
import loops.core.training.Step;
import loops.core.training.TrainingOptimizer;
import loops.core.training.TrainingScheduler;

/// Takes down what happens in a run. Loops and callbacks that record hold one.
public interface Recorder {
    /// A hook is called.
    ///
    /// @param name its name
    /// @param run what it may look at
    /// @param place where it is called
    void hook(String name, RunView run, Place place);

    /// A step of the module begins.
    ///
    /// @param name its name
    /// @param step where it stands
    void step(String name, Step step);

    /// Something else begins.
    ///
    /// @param name its name
    /// @param place where
    void begin(String name, Place place);

    /// Something ends.
    ///
    /// @param name its name
    /// @param place where
    void end(String name, Place place);

    /// A data loader is gone through.
    ///
    /// @param run what is taken of it
    void loader(LoaderRun run);

    /// {@return where a scheduler is moved}
    ///
    /// @param scheduler the scheduler
    /// @param epoch the epoch
    static Place place(TrainingScheduler scheduler, EpochRun epoch) {
        var scope = epoch.fit().scope();
        int optimizer =
                scope.optimizers().stream()
                        .filter(each -> each.schedulers().contains(scheduler))
                        .mapToInt(TrainingOptimizer::index)
                        .findFirst()
                        .orElse(-1);
        return new Place(epoch.epoch(), -1, -1, optimizer, scope.globalStep());
    }

    /// Something happens at once.
    ///
    /// @param name its name
    /// @param place where
    default void at(String name, Place place) {
        begin(name, place);
        end(name, place);
    }
}
