package conformance.area;

import java.util.List;
import java.util.Optional;

/// The areas that have an interpreter.
public final class Areas {
    private static final List<Area> ALL =
            List.of(
                    new CheckpointArea(),
                    new LoopBaseArea(),
                    new LimitsArea(),
                    new StoppingArea(),
                    new ProgressBarArea(),
                    new PredictArea(),
                    new ConfigErrorsArea(),
                    new TrainerStateArea(),
                    new CallbacksArea(),
                    new ValidationScheduleArea(),
                    new OptimizersArea(),
                    new GradAccumulationArea(),
                    new TbpttArea(),
                    new ManualOptimizationArea(),
                    new GradClippingArea(),
                    new OutputsArea(),
                    new DataArea(),
                    new LoopConnectReplaceArea(),
                    new ProgressTrackerArea(),
                    new StateDictArea(),
                    new HookOrderArea(),
                    new LrSchedulerArea(),
                    new EarlyStoppingArea(),
                    new ResumeArea(),
                    new FaultToleranceArea(),
                    new LoggingArea());

    private Areas() {}

    /// {@return all areas, in the order of the report}
    public static List<Area> all() {
        return ALL;
    }

    /// {@return the area of this name, if it has an interpreter}
    ///
    /// @param name the name that cases have for it
    public static Optional<Area> named(String name) {
        return ALL.stream().filter(area -> area.name().equals(name)).findFirst();
    }
}
