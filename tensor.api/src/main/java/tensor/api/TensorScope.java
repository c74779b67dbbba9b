package tensor.api;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.layout.ShapeException;
import tensor.spi.Storage;

/// The lifetime of tensors: what is made while a scope is open, and is not kept, is released at its
/// end.
///
/// ```text
/// float loss = TensorScope.call("train step 17", scope -> { … });
/// ```
///
/// **Ownership.** A storage has one owner: the innermost scope open when it was made, until that
/// scope ends; then its memory goes back to the pool and every tensor that sees it, view or not, is
/// dead: using one is an error that names the scope. [#keep] moves a storage to the enclosing
/// scope. A storage that no scope owns is loose: it is released when nothing refers to it any more.
/// So programs without scopes are right too, only later in giving memory back.
///
/// What holds tensors across scopes (parameters, optimizer states) [takes][#take] each new value
/// and [gives][#give] back the old one.
///
/// **Threads.** A scope belongs to the thread that runs its body; other threads do not see it, unless they work in the
/// place of that one, by a [TensorContext].
///
/// **Cost.** The first scope of a thread binds the thread's place, which costs two small objects; scopes within it, and
/// within a [#loose] body, cost themselves. A scope made by [#of] can be entered again and again and then costs nothing.
public final class TensorScope {
    static final ScopedValue<Innermost> INNERMOST = ScopedValue.newInstance();

    private final String name;
    private @Nullable TensorScope parent;
    private boolean open;
    private final Set<Storage> owned = new HashSet<>();

    private TensorScope(String name) {
        this.name = name;
    }

    /// The scope that a thread is in, if it is in one.
    static final class Innermost {
        private final Thread thread = Thread.currentThread();
        private @Nullable TensorScope scope;

        /// That of this thread.
        Innermost(@Nullable TensorScope scope) {
            this.scope = scope;
        }

        /// {@return that of this thread; `null` if the thread has none}
        static @Nullable Innermost ofThisThread() {
            var bound = INNERMOST.isBound() ? INNERMOST.get() : null;
            return bound != null && bound.thread.equals(Thread.currentThread()) ? bound : null;
        }
    }

    /// {@return a scope that is not open yet, and can be run several times, one after the other}
    ///
    /// @param name stands in messages: `training batch`
    public static TensorScope of(String name) {
        return new TensorScope(name);
    }

    /// Runs `body` in a new scope.
    ///
    /// @param name stands in messages: `train step 17`
    /// @param body what to run
    public static void run(String name, Runnable body) {
        of(name).run(body);
    }

    /// Runs `body` in this scope, and ends it.
    ///
    /// @param body what to run
    /// @throws IllegalStateException if the scope is open
    public void run(Runnable body) {
        if (open) {
            throw new IllegalStateException(
                    "TensorScope.run: scope '%s' is open; make another one for what runs within it"
                            .formatted(name));
        }
        var innermost = Innermost.ofThisThread();
        if (innermost == null) {
            var bound = new Innermost(null);
            ScopedValue.where(INNERMOST, bound).run(() -> runIn(bound, body));
        } else {
            runIn(innermost, body);
        }
    }

    private void runIn(Innermost innermost, Runnable body) {
        var outer = innermost.scope;
        parent = outer;
        open = true;
        innermost.scope = this;
        try {
            body.run();
        } finally {
            innermost.scope = outer;
            end();
        }
    }

    /// {@return the tensor that `body` returns, kept} All else made by it is released.
    ///
    /// @param name stands in messages: `train step 17`
    /// @param body what to run
    public static Tensor get(String name, Supplier<Tensor> body) {
        return call(name, scope -> scope.keep(body.get()));
    }

    /// {@return what `body` returns} Tensors in it are dead unless the body kept them.
    ///
    /// @param <T> the type of the result
    /// @param name stands in messages: `train step 17`
    /// @param body what to run; gets the new scope
    public static <T> T call(String name, Function<TensorScope, T> body) {
        var scope = of(name);
        var result = new ArrayList<T>(1);
        scope.run(() -> result.add(body.apply(scope)));
        return result.getFirst();
    }

    /// {@return what `body` returns} It runs outside of every scope: what it makes is loose, but for what belongs to
    /// scopes that it opens itself.
    ///
    /// For a long run that opens many scopes, one after the other, and makes what outlives them between them.
    ///
    /// @param <T> the type of the result
    /// @param body what to run
    public static <T extends @Nullable Object> T loose(Supplier<T> body) {
        var innermost = Innermost.ofThisThread();
        if (innermost == null) {
            return ScopedValue.where(INNERMOST, new Innermost(null)).call(body::get);
        }
        var outer = innermost.scope;
        innermost.scope = null;
        try {
            return body.get();
        } finally {
            innermost.scope = outer;
        }
    }

    /// {@return the innermost open scope of this thread}
    public static Optional<TensorScope> current() {
        return Optional.ofNullable(orNull());
    }

    /// {@return the values of `tensor` as a loose tensor that shares its memory with nobody}
    ///
    /// For what holds a tensor longer than any scope. A tensor that the current scope owns, dense
    /// and with a storage of its own, is taken out of that scope, without a copy; any other is
    /// copied. The result is detached.
    ///
    /// @param tensor the new value
    public static Tensor take(Tensor tensor) {
        tensor.checkAlive();
        TensorScope scope = orNull();
        Storage storage = tensor.data().storage();
        if (scope != null && tensor.fillsItsStorage() && scope.owned.remove(storage)) {
            storage.releaseWhenUnreachable();
            return tensor.detach();
        }
        Tensor copy = tensor.detach().copy();
        if (scope != null) {
            scope.owned.remove(copy.data().storage());
            copy.data().storage().releaseWhenUnreachable();
        }
        return copy;
    }

    /// Gives a tensor got by [#take] to the current scope, which releases it at its end; without a
    /// scope it stays loose.
    ///
    /// @param tensor the old value
    public static void give(Tensor tensor) {
        TensorScope scope = orNull();
        if (scope != null) {
            scope.adopt(tensor);
        }
    }

    /// {@return a tensor in the memory of `taken`, with some rows replaced} For what changes a few rows of a large table:
    /// the others are not copied. `taken`, and all that shares its memory, is out of date from now on: using it is an
    /// error.
    ///
    /// @param taken got by [#take], with at least one axis
    /// @param rows which rows, int64 `[k]`, each once
    /// @param values what comes in their place, `[k, ..]`, of the type of `taken`
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if the types differ
    /// @throws IndexOutOfBoundsException if there is no such row; nothing is replaced
    public static Tensor overwriteRows(Tensor taken, Tensor rows, Tensor values) {
        return Rows.overwrite(taken, rows, values);
    }

    /// {@return the name}
    public String name() {
        return name;
    }

    /// {@return `tensor`, whose storage now belongs to the enclosing scope, or is loose where there
    /// is none} Nothing changes if this scope does not own it.
    ///
    /// @param tensor what is to survive
    public Tensor keep(Tensor tensor) {
        tensor.checkAlive();
        Storage storage = tensor.data().storage();
        if (owned.remove(storage)) {
            own(parent, storage);
        }
        return tensor;
    }

    /// {@return `tensor`, whose storage is released at the end of this scope if it was loose}
    /// Nothing changes if this scope or one around it owns it.
    ///
    /// @param tensor what is not needed after this scope
    public Tensor adopt(Tensor tensor) {
        tensor.checkAlive();
        Storage storage = tensor.data().storage();
        for (TensorScope scope = parent; scope != null; scope = scope.parent) {
            if (scope.owned.contains(storage)) {
                return tensor;
            }
        }
        owned.add(storage);
        return tensor;
    }

    /// Runs `body` in the enclosing scope.
    void outside(Runnable body) {
        var innermost = requireNonNull(Innermost.ofThisThread(), "an open scope is bound");
        innermost.scope = parent;
        try {
            body.run();
        } finally {
            innermost.scope = this;
        }
    }

    /// {@return whether a storage is released at the end of this scope}
    boolean owns(Storage storage) {
        return owned.contains(storage);
    }

    /// Releases a storage now, if this scope owns it.
    void release(Storage storage) {
        if (owned.remove(storage)) {
            storage.release(toString());
        }
    }

    /// Gives a new storage its owner: the current scope, or the cleaner.
    static void own(Storage storage) {
        own(orNull(), storage);
    }

    private static void own(@Nullable TensorScope scope, Storage storage) {
        if (scope == null) {
            storage.releaseWhenUnreachable();
        } else {
            scope.owned.add(storage);
        }
    }

    /// {@return the innermost open scope of this thread; `null` if there is none}
    static @Nullable TensorScope orNull() {
        var innermost = Innermost.ofThisThread();
        return innermost == null ? null : innermost.scope;
    }

    private void end() {
        parent = null;
        open = false;
        if (!owned.isEmpty()) {
            String by = toString();
            owned.forEach(storage -> storage.release(by));
            owned.clear();
        }
    }

    @Override
    public String toString() {
        return "scope '" + name + "'";
    }
}
