package tensor.testkit;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import tensor.api.Device;

/// Runs each test of a class with the [ReferenceBackend] as current device:
/// `@ExtendWith(OnReference.class)`.
public final class OnReference implements InvocationInterceptor {

    /// Called by JUnit.
    public OnReference() {}

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> context,
            ExtensionContext extension)
            throws Throwable {
        proceed(invocation);
    }

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
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation,
            ReflectiveInvocationContext<Method> context,
            ExtensionContext extension)
            throws Throwable {
        return proceed(invocation);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation,
            DynamicTestInvocationContext context,
            ExtensionContext extension)
            throws Throwable {
        proceed(invocation);
    }

    private static <T> T proceed(Invocation<T> invocation) throws Throwable {
        try {
            return Device.of("reference").with(() -> unchecked(invocation));
        } catch (Carried carried) {
            throw carried.failure;
        }
    }

    private static <T> T unchecked(Invocation<T> invocation) {
        try {
            return invocation.proceed();
        } catch (Throwable failure) {
            throw new Carried(failure);
        }
    }

    /// Carries what a test throws through code that lets no checked exception pass.
    private static final class Carried extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Throwable failure;

        private Carried(Throwable failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
