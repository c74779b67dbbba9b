package architecture;

import java.util.List;
import java.util.regex.Pattern;

/// Finds uses of what the house does without.
enum ForbiddenReferences {
    /// The one incubator module stays behind one of ours.
    INCUBATOR("jdk.incubator", "tensor.cpu", "jdk[.]incubator[.].*"),
    /// Its module has no descriptor, so it stays behind a backend of its own.
    JOCL("a GPU binding", "tensor.opencl", "org[.]jocl[.].*"),
    /// As JOCL.
    JCUDA("a GPU binding", "tensor.cuda", "jcuda[.].*"),
    /// A saved run is plain values, readable by anyone and dangerous to nobody.
    SERIALIZATION("Java serialization", "none", "java[.]io[.]Object(Input|Output)Stream"),
    /// Random numbers come from a key, the same on every backend and after every resume.
    GENERATORS(
            "a generator of the JDK",
            "none",
            "java[.]util[.]Random|java[.]util[.]SplittableRandom|java[.]util[.]random[.].*"
                    + "|java[.]util[.]concurrent[.]ThreadLocalRandom|java[.]security[.]SecureRandom"),
    /// What a thread knows is bound to a scope and ends with it: [ScopedValue].
    THREAD_LOCALS("a thread local", "none", "java[.]lang[.](Inheritable)?ThreadLocal");

    private final String what;
    private final String home;
    private final Pattern names;

    ForbiddenReferences(String what, String home, String names) {
        this.what = what;
        this.home = home;
        this.names = Pattern.compile(names);
    }

    /// {@return a line for each use by a class of the module where it must not be used}
    List<String> in(CompiledModule module) {
        if (module.name().equals(home)) {
            return List.of();
        }
        return module.classes().stream()
                .flatMap(type ->
                        References.of(type).stream()
                                .filter(names.asMatchPredicate())
                                .map(name -> line(References.nameOf(type), name)))
                .toList();
    }

    private String line(String user, String used) {
        return "%s: uses %s, %s; modules that may: %s".formatted(user, used, what, home);
    }
}
