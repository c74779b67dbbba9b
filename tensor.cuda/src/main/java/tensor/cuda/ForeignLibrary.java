package tensor.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A library of C functions that return a status, open as long as the process.
///
/// Its functions are called as their headers say; a wrong signature would crash the process.
@SuppressWarnings("restricted")
final class ForeignLibrary {
    private final String name;
    private final SymbolLookup symbols;
    private final ConcurrentHashMap<String, MethodHandle> functions = new ConcurrentHashMap<>();

    private ForeignLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /// {@return a library, or nothing where the system's loader finds none or does not take it}
    ///
    /// @param name of the file, or its path
    static Optional<ForeignLibrary> open(String name) {
        try {
            return Optional.of(
                    new ForeignLibrary(name, SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// {@return the name of the file, or the path}
    String name() {
        return name;
    }

    /// {@return a function that returns a status}
    ///
    /// @param function its name
    /// @param arguments their types
    MethodHandle function(String function, MemoryLayout... arguments) {
        MemorySegment symbol =
                symbols.find(function)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "cuda: %s has no function %s; needs one of CUDA 12 or 13"
                                                .formatted(name, function)));
        return Linker.nativeLinker()
                .downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /// {@return the status that a function returns} For what is called now and then; what is called often has its
    /// [#function].
    ///
    /// @param function its name
    /// @param arguments each an Integer, a Long or a MemorySegment
    int call(String function, Object... arguments) {
        MethodHandle handle =
                functions.computeIfAbsent(
                        function,
                        _ ->
                                function(
                                        function,
                                        Arrays.stream(arguments)
                                                .map(ForeignLibrary::layout)
                                                .toArray(MemoryLayout[]::new)));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            default -> throw new AssertionError("no C type for " + argument.getClass());
        };
    }

    /// {@return what to throw where a C function threw, which it cannot}
    static RuntimeException unexpected(Throwable e) {
        return new IllegalStateException("cuda: a call of C failed: " + e.getMessage(), e);
    }
}
