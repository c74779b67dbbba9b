package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.training.LogFlag;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// What cannot be logged, each in a training step of its own.
final class LogRefusals {
    private LogRefusals() {}

    static Answers answers(Keys setup) {
        List<Optional<Throwable>> thrown = new ArrayList<>();
        for (String variant : setup.texts("variants")) {
            thrown.add(thrownBy(logs(variant)));
        }
        return Refused.each("raises", thrown);
    }

    private static Consumer<Step> logs(String variant) {
        return Phrases.<Consumer<Step>>of()
                .say("key '(.+)'", said -> step -> step.log(said.group(1), 1))
                .say(
                        "same key logged twice with different arguments in one hook",
                        said ->
                                step -> {
                                    step.log("foo", 1, LogFlag.ON_STEP);
                                    step.log("foo", 1, LogFlag.ON_EPOCH);
                                })
                .say(
                        "tensor with (\\d+) elements",
                        said ->
                                step ->
                                        step.log(
                                                "foo",
                                                Tensor.ones(
                                                        Shape.of(Integer.parseInt(said.group(1))))))
                .read(variant);
    }

    private static Optional<Throwable> thrownBy(Consumer<Step> logs) {
        var scenario = Scenario.plain();
        scenario.choose(config -> config.fastDevRun(1));
        scenario.script()
                .loss((model, batch, step) -> {
                    logs.accept(step);
                    return model.loss(batch);
                });
        return Refused.by(scenario::fit);
    }
}
