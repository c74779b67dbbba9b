package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.HookPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LambdaCallbackTest {
    private static final Set<HookPoint> OF_THE_MODULE =
            EnumSet.of(
                    HookPoint.TRAINING_STEP,
                    HookPoint.VALIDATION_STEP,
                    HookPoint.TEST_STEP,
                    HookPoint.PREDICT_STEP,
                    HookPoint.TRAINING_RESULTS,
                    HookPoint.VALIDATION_RESULTS,
                    HookPoint.TEST_RESULTS);

    @Test
    void everyHookOfCallbacksIsHeard() {
        var heard = EnumSet.noneOf(HookPoint.class);
        var hooks = EnumSet.complementOf(EnumSet.copyOf(OF_THE_MODULE));
        var callback = LambdaCallback.on(HookPoint.SETUP, run -> {});
        for (HookPoint hook : hooks) {
            callback = callback.and(hook, run -> heard.add(hook));
        }
        var all = callback;
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(all));
        var module = new Slope();
        var data = Slope.data(Slope.points(2, 1));

        trainer.fit(module, data);
        trainer.test(module, data);
        trainer.predict(module, data);
        var failing =
                Trainer.of(config ->
                        config.maxEpochs(1)
                                .callbacks(
                                        all.and(
                                                HookPoint.TRAIN_START,
                                                run -> {
                                                    throw new IllegalStateException("on purpose");
                                                })));
        assertThrows(IllegalStateException.class, () -> failing.fit(module, data));

        assertEquals(hooks, heard);
    }

    @Test
    void severalFunctionsAtAHookAreCalledInOrder() {
        var called = new ArrayList<String>();
        var callback =
                LambdaCallback.on(HookPoint.FIT_START, run -> called.add("a"))
                        .and(HookPoint.FIT_START, run -> called.add("b " + run.epoch()));

        Trainer.of(config -> config.maxEpochs(1).callbacks(callback))
                .fit(new Slope(), Slope.data(Slope.points(2, 1)));

        assertEquals(List.of("a", "b 0"), called);
    }

    @Test
    void severalCallbacksStandSideBySide() {
        var called = new ArrayList<String>();

        Trainer.of(config ->
                        config.maxEpochs(1)
                                .callbacks(
                                        LambdaCallback.on(
                                                HookPoint.FIT_END, run -> called.add("a")),
                                        LambdaCallback.on(
                                                HookPoint.FIT_END, run -> called.add("b"))))
                .fit(new Slope(), Slope.data(Slope.points(2, 1)));

        assertEquals(List.of("a", "b"), called);
    }

    @ParameterizedTest
    @EnumSource(
            value = HookPoint.class,
            names = {
                "TRAINING_STEP",
                "VALIDATION_STEP",
                "TEST_STEP",
                "PREDICT_STEP",
                "TRAINING_RESULTS",
                "VALIDATION_RESULTS",
                "TEST_RESULTS"
            })
    void whatIsOfTheModuleIsRefused(HookPoint step) {
        var refused =
                assertThrows(
                        IllegalArgumentException.class, () -> LambdaCallback.on(step, run -> {}));

        assertEquals(
                "LambdaCallback: %s belongs to the module; use a hook, such as onTrainBatchEnd"
                        .formatted(step.method()),
                refused.getMessage());
    }
}
