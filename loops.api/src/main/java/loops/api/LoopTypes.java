package loops.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The types that a class of loops gives to the `I` and `O` of [Loop], by name. For people only: what fits into a slot
/// is the compiler's to check.
///
/// @param input what the loop works on; the name of a type variable if the class leaves it open
/// @param output what the loop returns
record LoopTypes(String input, String output) {

    static LoopTypes of(Class<?> loop) {
        Map<TypeVariable<?>, String> names = new HashMap<>();
        Class<?> at = loop;
        while (at != Loop.class) {
            var above = at.getSuperclass();
            if (at.getGenericSuperclass() instanceof ParameterizedType type) {
                var variables = above.getTypeParameters();
                for (int i = 0; i < variables.length; i++) {
                    names.put(variables[i], name(type.getActualTypeArguments()[i], names));
                }
            }
            at = above;
        }
        var variables = Loop.class.getTypeParameters();
        return new LoopTypes(name(variables[0], names), name(variables[1], names));
    }

    private static String name(Type type, Map<TypeVariable<?>, String> names) {
        return switch (type) {
            case Class<?> plain -> plain.getSimpleName();
            case TypeVariable<?> variable -> names.getOrDefault(variable, variable.getName());
            case ParameterizedType made ->
                    Arrays.stream(made.getActualTypeArguments())
                            .map(argument -> name(argument, names))
                            .collect(
                                    Collectors.joining(
                                            ", ", name(made.getRawType(), names) + "<", ">"));
            default -> type.getTypeName();
        };
    }
}
