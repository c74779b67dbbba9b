package loops.core.callback;

import java.time.Duration;

/// After how much training a run is saved: steps, epochs or time, one of them. 0 is for never.
///
/// @param steps optimizer steps
/// @param epochs epochs
/// @param time time
record SaveTrigger(long steps, int epochs, Duration time) {
    SaveTrigger {
        atLeastZero("everySteps", steps);
        atLeastZero("everyEpochs", epochs);
        if (time.isNegative()) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: every is %s; use a time from 0".formatted(time));
        }
        int chosen = (steps > 0 ? 1 : 0) + (epochs > 0 ? 1 : 0) + (time.isZero() ? 0 : 1);
        if (chosen > 1) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: everySteps is %d, everyEpochs is %d and every is %s; choose one of them, and 0 for the others"
                            .formatted(steps, epochs, time));
        }
    }

    private static void atLeastZero(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: %s is %d; use a number from 0".formatted(name, value));
        }
    }
}
