package architecture;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds fields of loops and callbacks that change and are not saved.
///
/// The rule: every instance field of a subclass of `loops.api.Loop` and of a class that implements
/// `loops.core.Callback` is final, and its type is neither an array nor a mutable class of `java.util`, as
/// `ArrayList` or `AtomicLong`. What changes stands in a part: a cell, a slot, a progress, a held object.
/// Final interfaces such as `List` are taken for what they mostly are, immutable.
final class DeclaredState {
    private static final List<String> ROOTS = List.of("loops.api.Loop", "loops.core.Callback");

    private static final Set<String> IMMUTABLE =
            Set.of(
                    "java.util.Locale",
                    "java.util.Optional",
                    "java.util.OptionalDouble",
                    "java.util.OptionalInt",
                    "java.util.OptionalLong",
                    "java.util.UUID",
                    "java.util.regex.Pattern");

    private final Map<String, ClassModel> classes;

    private DeclaredState(List<CompiledModule> modules) {
        classes =
                modules.stream()
                        .flatMap(module -> module.classes().stream())
                        .collect(Collectors.toMap(References::nameOf, Function.identity()));
    }

    /// {@return a line for each field that breaks the rule}
    static List<String> breaches(List<CompiledModule> modules) {
        var state = new DeclaredState(modules);
        return state.classes.values().stream()
                .flatMap(type -> state.breaches(type))
                .sorted()
                .toList();
    }

    private Stream<String> breaches(ClassModel type) {
        Set<String> above = new HashSet<>();
        collectAbove(type, above);
        return ROOTS.stream()
                .filter(above::contains)
                .flatMap(root ->
                        type.fields().stream()
                                .flatMap(field -> fault(field).stream())
                                .map(fault ->
                                        "%s.%s; a %s declares what it must remember"
                                                .formatted(References.nameOf(type), fault, root)));
    }

    private void collectAbove(ClassModel type, Set<String> above) {
        Stream.concat(type.superclass().stream(), type.interfaces().stream())
                .map(DeclaredState::nameOf)
                .filter(above::add)
                .flatMap(name -> Optional.ofNullable(classes.get(name)).stream())
                .forEach(found -> collectAbove(found, above));
    }

    private static Optional<String> fault(FieldModel field) {
        if (field.flags().has(AccessFlag.STATIC)) {
            return Optional.empty();
        }
        String name = field.fieldName().stringValue();
        String type = field.fieldType().stringValue();
        if (!field.flags().has(AccessFlag.FINAL)) {
            return Optional.of(name + ": is not final");
        }
        if (type.startsWith("[")) {
            return Optional.of(name + ": is an array");
        }
        String className = type.replaceAll("^L|;$", "").replace('/', '.');
        return mutableClassOfTheJdk(className)
                ? Optional.of(name + ": is a " + className)
                : Optional.empty();
    }

    private static boolean mutableClassOfTheJdk(String name) {
        if (!name.startsWith("java.util.") || IMMUTABLE.contains(name)) {
            return false;
        }
        try {
            return !Class.forName(name).isInterface();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String nameOf(ClassEntry type) {
        return type.asInternalName().replace('/', '.');
    }
}
