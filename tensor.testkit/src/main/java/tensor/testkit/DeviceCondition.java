package tensor.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import tensor.api.Device;

/// What [NeedsDevice] does.
public final class DeviceCondition implements ExecutionCondition {

    /// Called by JUnit.
    public DeviceCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NeedsDevice.class)
                .map(needs -> evaluate(needs.value(), Boolean.getBoolean(required(needs.value()))))
                .orElseThrow();
    }

    private static String required(String device) {
        return "require." + device;
    }

    static ConditionEvaluationResult evaluate(String device, boolean isRequired) {
        if (isRequired) {
            return ConditionEvaluationResult.enabled(required(device) + " is set");
        }
        try {
            Device.of(device);
            return ConditionEvaluationResult.enabled("there is " + device);
        } catch (IllegalStateException e) {
            return ConditionEvaluationResult.disabled(e.getMessage());
        }
    }
}
