package testing;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/// Multiplies the tries of every jqwik property by the system property `tries.factor`, a whole number
/// from 1; 1 where it is absent.
///
/// So one option makes a quick run or a thorough one, and a property that asks for few tries because
/// each is slow keeps its proportion. jqwik finds this hook by [java.util.ServiceLoader].
public final class TriesFactor implements AroundPropertyHook {
    private static final int DEFAULT_TRIES = 1_000;

    /// For [java.util.ServiceLoader].
    public TriesFactor() {}

    @Override
    public PropertyExecutionResult aroundProperty(
            PropertyLifecycleContext context, PropertyExecutor property) {
        scale(context.attributes(), factor(System.getProperty("tries.factor", "1")));
        return property.execute();
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public boolean appliesTo(Optional<AnnotatedElement> element) {
        return true;
    }

    static void scale(PropertyAttributes attributes, int factor) {
        int tries = attributes.tries().orElse(DEFAULT_TRIES);
        // An example, a property of one try, stays one.
        if (tries > 1) {
            attributes.setTries(Math.multiplyExact(tries, factor));
        }
    }

    static int factor(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(
                    "tries.factor: is '%s'; use a whole number from 1 to 999999".formatted(text));
        }
        return Integer.parseInt(text);
    }
}
