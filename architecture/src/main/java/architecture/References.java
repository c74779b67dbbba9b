package architecture;

import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The classes that a class file names: in its code, its descriptors and its generic signatures.
///
/// Annotations do not count: they are notes, not dependencies.
final class References {
    /// A class in a descriptor or signature, as in `Ljava/util/List<Ltensor/api/Tensor;>;`.
    private static final Pattern CLASS_NAME = Pattern.compile("L([^;<>:\\[*]+)");

    private References() {}

    /// {@return the names of the classes, with dots, that `model` refers to}
    static SortedSet<String> of(ClassModel model) {
        var names = new TreeSet<String>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addClass(names, type.asInternalName());
                case NameAndTypeEntry member -> addAll(names, member.type().stringValue());
                case MethodTypeEntry type -> addAll(names, type.descriptor().stringValue());
                default -> {}
            }
        }
        model.fields().forEach(field -> addAll(names, field.fieldType().stringValue()));
        model.methods().forEach(method -> addAll(names, method.methodType().stringValue()));
        Stream.of(Stream.of(model), model.fields().stream(), model.methods().stream())
                .flatMap(elements -> elements)
                .flatMap(element -> signature(element))
                .forEach(signature -> addAll(names, signature));
        return names;
    }

    /// {@return the name of a class, with dots}
    static String nameOf(ClassModel type) {
        return type.thisClass().asInternalName().replace('/', '.');
    }

    /// {@return the package of a class name}
    static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    private static Stream<String> signature(AttributedElement element) {
        return element.findAttribute(Attributes.signature()).stream()
                .map(signature -> signature.signature().stringValue());
    }

    private static void addClass(SortedSet<String> names, String internalName) {
        if (internalName.startsWith("[")) {
            addAll(names, internalName);
        } else {
            names.add(internalName.replace('/', '.'));
        }
    }

    private static void addAll(SortedSet<String> names, String descriptor) {
        CLASS_NAME
                .matcher(descriptor)
                .results()
                .forEach(found -> names.add(found.group(1).replace('/', '.')));
    }
}
