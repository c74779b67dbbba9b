package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The classes for one lane have all of the Vector API that kernels use. What written loops use, their tests find.
class OneLaneTest {
    private static final String VECTORS = "jdk/incubator/vector/";
    private static final String LANES = "tensor/cpu/scalar/";

    @Test
    void everyMemberThatKernelsUseIsThere() throws Exception {
        var missing = new TreeSet<String>();
        int found = 0;
        for (ClassModel kernel : classes("tensor/cpu")) {
            for (var entry : kernel.constantPool()) {
                if (entry instanceof MemberRefEntry member
                        && member.owner().asInternalName().startsWith(VECTORS)) {
                    String owner = member.owner().asInternalName().replace(VECTORS, LANES);
                    String name = member.name().stringValue();
                    String type = member.type().stringValue().replace(VECTORS, LANES);
                    if (isThere(owner, name, type)) {
                        found++;
                    } else {
                        missing.add(owner + "." + name + type);
                    }
                }
            }
        }

        assertEquals(new TreeSet<>(), missing);
        assertTrue(found > 100, "found " + found);
    }

    @Test
    void aMemberThatIsNotThereIsMissing() throws Exception {
        assertTrue(isThere(LANES + "FloatVector", "abs", "()L" + LANES + "FloatVector;"));
        assertTrue(!isThere(LANES + "FloatVector", "abs", "()L" + LANES + "IntVector;"));
        assertTrue(!isThere(LANES + "NoVector", "abs", "()L" + LANES + "FloatVector;"));
    }

    private static boolean isThere(String owner, String name, String type) throws Exception {
        Path file = folder().resolve(owner + ".class");
        if (!Files.exists(file)) {
            return false;
        }
        ClassModel lane = ClassFile.of().parse(file);
        boolean declared =
                lane.methods().stream()
                                .anyMatch(method ->
                                        method.methodName().equalsString(name)
                                                && method.methodType().equalsString(type))
                        || lane.fields().stream()
                                .anyMatch(field ->
                                        field.fieldName().equalsString(name)
                                                && field.fieldType().equalsString(type));
        ClassEntry parent = lane.superclass().orElse(null);
        return declared || (parent != null && isThere(parent.asInternalName(), name, type));
    }

    private static List<ClassModel> classes(String folder) throws Exception {
        try (Stream<Path> files = Files.list(folder().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(OneLaneTest::parsed)
                    .toList();
        }
    }

    private static ClassModel parsed(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where our class files are.
    private static Path folder() throws Exception {
        return Path.of(
                CpuBackend.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
