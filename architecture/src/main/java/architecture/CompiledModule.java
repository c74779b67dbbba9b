package architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.ModuleAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The class files of one module.
///
/// @param descriptor its `module-info.class`
/// @param classes all others
record CompiledModule(ClassModel descriptor, List<ClassModel> classes) {
    /// {@return the module whose class files lie in a folder}
    ///
    /// @throws IllegalArgumentException if the folder holds no module descriptor
    static CompiledModule read(Path folder) {
        var descriptor = folder.resolve("module-info.class");
        if (!Files.exists(descriptor)) {
            throw new IllegalArgumentException(
                    folder + ": holds no module-info.class; compile first");
        }
        try (var files = Files.walk(folder)) {
            var classes =
                    files.filter(file -> file.toString().endsWith(".class"))
                            .filter(file -> !file.equals(descriptor))
                            .sorted()
                            .map(CompiledModule::parse)
                            .toList();
            return new CompiledModule(parse(descriptor), classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the modules whose folders, each with `target/classes`, lie in a folder, by name}
    static List<CompiledModule> readAll(Path folder) {
        try (var modules = Files.list(folder)) {
            return modules.map(module -> module.resolve("target/classes"))
                    .filter(classes -> Files.exists(classes.resolve("module-info.class")))
                    .sorted()
                    .map(CompiledModule::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return attribute().moduleName().name().stringValue();
    }

    ModuleAttribute attribute() {
        return descriptor.findAttribute(Attributes.module()).orElseThrow();
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
