package tensor.testkit;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import tensor.api.Device;

/// Runs each test of a class with the [ReferenceBackend] as current device: `@ExtendWith(OnReference.class)`.
public final class OnReference implements InvocationInterceptor {

    /// Called by JUnit.
    public OnReference() {}

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> context,
            ExtensionContext extension)
            throws Throwable {
        proceed(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> context,
            ExtensionContext extension)
            throws Throwable {
        proceed(invocation);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation,
            DynamicTestInvocationContext context,
            ExtensionContext extension)
            throws Throwable {
        proceed(invocation);
    }

    /// Carries what a test throws out of the lambda.
    private static void proceed(Invocation<Void> invocation) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        Device.of("reference")
                .run(() -> {
                    try {
                        invocation.proceed();
                    } catch (Throwable failure) {
                        thrown[0] = failure;
                    }
                });
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }
}
