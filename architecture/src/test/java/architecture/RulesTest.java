package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each rule sees a breach that was planted for it.
class RulesTest {
    private static final String MODULE = "module planted {}";

    @TempDir private Path folder;

    @Test
    void aCycleOfPackagesIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package a; public class A { b.B next; }",
                        "package b; public class B { java.util.List<c.C> next; }",
                        "package c; public class C { static Object next() { return new a.A(); } }");

        assertEquals(
                List.of("planted: packages in a cycle: a.A -> b.B, b.B -> c.C, c.C -> a.A"),
                PackageCycles.of(module));
    }

    @Test
    void packagesInALineAreNoCycle() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package a; public class A { b.B next; c.C last; }",
                        "package b; public class B { c.C next; }",
                        "package c; public class C { C next; }");

        assertEquals(List.of(), PackageCycles.of(module));
    }

    @Test
    void exportsAndOpensAreRead() throws IOException {
        var module =
                Planted.module(
                        folder,
                        "module planted { exports a; exports b to java.sql, java.logging; opens b; }",
                        "package a; public class A {}",
                        "package b; public class B {}");

        assertEquals(
                """
                planted exports a
                planted exports b to java.logging, java.sql
                planted opens b
                """,
                Descriptors.exports(List.of(module)));
    }

    @Test
    void aRequiredModuleIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        "module planted { requires java.logging; requires java.sql; }",
                        "package a; public class A {}");

        assertEquals(
                List.of("planted: requires java.sql"),
                Descriptors.requiring(List.of(module), List.of("java.sql", "java.xml")));
    }

    @Test
    void aModuleWithoutNullMarkedIsSeen() throws IOException {
        var module = Planted.module(folder, MODULE, "package a; class A {}");

        assertEquals(List.of("planted"), Descriptors.notNullMarked(List.of(module)));
    }

    @Test
    void aVectorOutsideItsModuleIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        "module planted { requires jdk.incubator.vector; }",
                        """
                        package a;
                        class A {
                            int lanes() { return jdk.incubator.vector.FloatVector.SPECIES_MAX.length(); }
                        }
                        """);

        assertEquals(
                List.of(
                        "a.A: uses jdk.incubator.vector.FloatVector, jdk.incubator; modules that may: tensor.cpu",
                        "a.A: uses jdk.incubator.vector.VectorSpecies, jdk.incubator; modules that may: tensor.cpu"),
                ForbiddenReferences.INCUBATOR.in(module));
    }

    @Test
    void aGpuBindingIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package jcuda; public class Pointer {}",
                        "package a; class A { void take(jcuda.Pointer pointer) {} }");

        assertEquals(1, count(ForbiddenReferences.JCUDA, module, "a.A: uses jcuda.Pointer"));
    }

    @Test
    void serializationIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        """
                        package a;
                        class A {
                            Object read(java.io.InputStream in) throws Exception {
                                return new java.io.ObjectInputStream(in).readObject();
                            }
                        }
                        """);

        assertEquals(
                1,
                count(
                        ForbiddenReferences.SERIALIZATION,
                        module,
                        "a.A: uses java.io.ObjectInputStream"));
    }

    @Test
    void aGeneratorOfTheJdkIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package a; class A { java.util.List<java.util.Random> all; }");

        assertEquals(
                1, count(ForbiddenReferences.GENERATORS, module, "a.A: uses java.util.Random"));
    }

    @Test
    void aThreadLocalIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package a; class A { Object local = new ThreadLocal<String>(); }");

        assertEquals(
                1,
                count(
                        ForbiddenReferences.THREAD_LOCALS,
                        module,
                        "a.A: uses java.lang.ThreadLocal"));
    }

    @Test
    void undeclaredStateOfALoopIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package loops.api; public class Loop { Object place; }",
                        "package loops.api; public class Part { int value; }",
                        "package a; class Middle extends loops.api.Loop {}",
                        "package a; class Holder { final Inner inner = new Inner(); }",
                        "package a; class Inner { long since; }",
                        """
                        package a;
                        class Mine extends Middle {
                            static int shared;
                            int seen;
                            final double[] scores = new double[3];
                            final java.util.ArrayList<String> lines = new java.util.ArrayList<>();
                            final Holder holder = new Holder();
                            final loops.api.Part part = new loops.api.Part();
                            final java.util.List<String> names = java.util.List.of();
                            final String name = "mine";
                        }
                        """);

        assertEquals(
                List.of(
                        "a.Mine.holder: is a a.Holder, which changes",
                        "a.Mine.lines: is a java.util.ArrayList, which changes",
                        "a.Mine.scores: is an array",
                        "a.Mine.seen: is not final"),
                DeclaredState.breaches(List.of(module)));
    }

    @Test
    void undeclaredStateOfACallbackIsSeen() throws IOException {
        var module =
                Planted.module(
                        folder,
                        MODULE,
                        "package loops.core.training; public interface Callback {}",
                        "package a; interface Watcher extends loops.core.training.Callback {}",
                        "package a; class Mine implements Watcher { private double best; }");

        assertEquals(List.of("a.Mine.best: is not final"), DeclaredState.breaches(List.of(module)));
    }

    @Test
    void aFolderWithoutAModuleIsRefused() {
        var thrown =
                assertThrows(IllegalArgumentException.class, () -> CompiledModule.read(folder));

        assertEquals(folder + ": holds no module-info.class; compile first", thrown.getMessage());
    }

    private static long count(ForbiddenReferences rule, CompiledModule module, String start) {
        return rule.in(module).stream().filter(line -> line.startsWith(start)).count();
    }
}
