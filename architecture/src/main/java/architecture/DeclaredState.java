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
/// `loops.core.training.Callback` is final, and its value does not change: it is no array, no mutable class of
/// `java.util`, as `ArrayList` or `AtomicLong`, and no object of ours with fields that change. What changes stands
/// in a part (a cell, a slot, a progress, a held object) or in a `Stateful`, which says what is to be saved of it.
/// Interfaces such as `List` are taken for what they mostly are, immutable.
final class DeclaredState {
    /// Whose fields are looked at.
    static final List<String> ROOTS = List.of("loops.api.Loop", "loops.core.training.Callback");

    /// What declares its state.
    static final List<String> DECLARED = List.of("loops.api.Part", "loops.api.Stateful");

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

    /// {@return the field of each breach with what is wrong, as `a.Mine.seen: is not final`, sorted}
    static List<String> breaches(List<CompiledModule> modules) {
        var state = new DeclaredState(modules);
        return state.classes.values().stream()
                .filter(type -> ROOTS.stream().anyMatch(state.above(type)::contains))
                .flatMap(state::breaches)
                .sorted()
                .toList();
    }

    private Stream<String> breaches(ClassModel type) {
        return type.fields().stream()
                .filter(field -> !field.flags().has(AccessFlag.STATIC))
                .flatMap(field ->
                        fault(field).stream()
                                .map(fault ->
                                        "%s.%s: %s"
                                                .formatted(
                                                        References.nameOf(type),
                                                        field.fieldName().stringValue(),
                                                        fault)));
    }

    private Optional<String> fault(FieldModel field) {
        if (!field.flags().has(AccessFlag.FINAL)) {
            return Optional.of("is not final");
        }
        String descriptor = field.fieldType().stringValue();
        if (descriptor.startsWith("[")) {
            return Optional.of("is an array");
        }
        String type = descriptor.replaceAll("^L|;$", "").replace('/', '.');
        return changes(type, new HashSet<>())
                ? Optional.of("is a " + type + ", which changes")
                : Optional.empty();
    }

    /// {@return whether objects of a class change and nothing declares how}
    private boolean changes(String name, Set<String> seen) {
        if (name.startsWith("java.util.")) {
            return mutableClassOfTheJdk(name);
        }
        var type = classes.get(name);
        if (type == null || !seen.add(name) || declared(type)) {
            return false;
        }
        return type.fields().stream()
                .filter(field -> !field.flags().has(AccessFlag.STATIC))
                .anyMatch(field ->
                        !field.flags().has(AccessFlag.FINAL)
                                || changes(
                                        field.fieldType()
                                                .stringValue()
                                                .replaceAll("^L|;$", "")
                                                .replace('/', '.'),
                                        seen));
    }

    private boolean declared(ClassModel type) {
        return DECLARED.contains(References.nameOf(type))
                || DECLARED.stream().anyMatch(above(type)::contains);
    }

    /// {@return the names of all classes and interfaces that a class extends or implements}
    private Set<String> above(ClassModel type) {
        var above = new HashSet<String>();
        collectAbove(type, above);
        return above;
    }

    private void collectAbove(ClassModel type, Set<String> above) {
        Stream.concat(type.superclass().stream(), type.interfaces().stream())
                .map(DeclaredState::nameOf)
                .filter(above::add)
                .flatMap(name -> Optional.ofNullable(classes.get(name)).stream())
                .forEach(found -> collectAbove(found, above));
    }

    private static boolean mutableClassOfTheJdk(String name) {
        try {
            return !IMMUTABLE.contains(name) && !Class.forName(name).isInterface();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String nameOf(ClassEntry type) {
        return type.asInternalName().replace('/', '.');
    }
}
