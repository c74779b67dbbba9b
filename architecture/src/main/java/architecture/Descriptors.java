package architecture;

import java.lang.classfile.Attributes;
import java.lang.classfile.constantpool.ModuleEntry;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What module descriptors promise, as text.
final class Descriptors {
    private Descriptors() {}

    /// {@return a line for each exported or opened package, sorted}
    static String exports(List<CompiledModule> modules) {
        return modules.stream()
                .flatMap(Descriptors::exports)
                .sorted()
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /// {@return a line for each module that requires one of these, as `a: requires examples`}
    static List<String> requiring(List<CompiledModule> modules, List<String> programs) {
        return modules.stream()
                .flatMap(module ->
                        module.attribute().requires().stream()
                                .map(required -> required.requires().name().stringValue())
                                .filter(programs::contains)
                                .map(program -> module.name() + ": requires " + program))
                .toList();
    }

    /// {@return the names of the modules that are not marked as free of null}
    static List<String> notNullMarked(List<CompiledModule> modules) {
        return modules.stream()
                .filter(module ->
                        module
                                .descriptor()
                                .findAttribute(Attributes.runtimeVisibleAnnotations())
                                .stream()
                                .flatMap(found -> found.annotations().stream())
                                .noneMatch(annotation ->
                                        annotation
                                                .className()
                                                .equalsString(
                                                        "Lorg/jspecify/annotations/NullMarked;")))
                .map(CompiledModule::name)
                .toList();
    }

    private static Stream<String> exports(CompiledModule module) {
        var attribute = module.attribute();
        return Stream.concat(
                attribute.exports().stream()
                        .map(export ->
                                line(
                                        module.name(),
                                        "exports",
                                        export.exportedPackage().asSymbol().name(),
                                        export.exportsTo())),
                attribute.opens().stream()
                        .map(open ->
                                line(
                                        module.name(),
                                        "opens",
                                        open.openedPackage().asSymbol().name(),
                                        open.opensTo())));
    }

    private static String line(String module, String verb, String name, List<ModuleEntry> to) {
        String readers =
                to.stream()
                        .map(reader -> reader.name().stringValue())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "%s %s %s%s"
                .formatted(module, verb, name, readers.isEmpty() ? "" : " to " + readers);
    }
}
