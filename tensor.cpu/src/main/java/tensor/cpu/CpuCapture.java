package tensor.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.spi.Capture;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// The loops that one thread asked for, in memory that no one else takes, to be done again in their order.
///
/// All that the CPU does is loops of [Parallel]: what is settled before them, layouts, plans and places, is settled once. So doing them
/// again makes no objects.
final class CpuCapture implements Capture {
    private static final int SHOWN = 120;

    /// What the backend was asked for.
    ///
    /// @param what the operation, and what the host says in it
    /// @param tensors which ones, by [#number]
    private record Asked(
            Object what, List<Integer> tensors, List<DType> dtypes, List<Layout> layouts) {}

    private final Parallel parallel;
    private final MemoryPool pool;
    private final MemoryPool.Reserve reserve;
    private final Set<Storage> given;

    /// Memory in the order in which it is first met; what is given comes before.
    private final Map<Storage, Integer> numbers = new HashMap<>();

    private final List<Asked> asked = new ArrayList<>();
    private final List<Parallel.Loop> loops = new ArrayList<>();
    private final Recorder recorder;
    private @Nullable IllegalStateException refusal;
    private boolean isWithinLoop;
    private boolean closed;

    private CpuCapture(Recorder recorder, Parallel parallel, MemoryPool pool, List<Storage> given) {
        this.recorder = recorder;
        this.parallel = parallel;
        this.pool = pool;
        this.reserve = pool.reserve();
        this.given = Set.copyOf(given);
        given.forEach(this::number);
    }

    /// {@return what `body` asks for, both times that it runs}
    ///
    /// @param given memory that it may use beside its own
    static CpuCapture of(
            Recorder recorder,
            Parallel parallel,
            MemoryPool pool,
            List<Storage> given,
            Runnable body) {
        var first = new CpuCapture(recorder, parallel, pool, given);
        try (first) {
            recorder.writing(first, body);
            first.requireAccepted();
        }
        var second = new CpuCapture(recorder, parallel, pool, given);
        try {
            recorder.writing(second, body);
            second.requireAccepted();
            first.requireSame(second);
            second.forgetAsked();
            return second;
        } catch (RuntimeException | Error e) {
            second.close();
            throw e;
        }
    }

    /// {@return the memory of what is written down}
    MemoryPool.Reserve reserve() {
        return reserve;
    }

    boolean isWithinLoop() {
        return isWithinLoop;
    }

    /// Writes down what the backend is asked for, to be compared with the next time.
    ///
    /// @param what the operation, and what the host says in it
    /// @param operands its tensors
    /// @throws IllegalStateException if one is neither given nor made meanwhile
    void ask(Object what, Stream<Operand> operands) {
        List<Integer> tensors = new ArrayList<>();
        List<DType> dtypes = new ArrayList<>();
        List<Layout> layouts = new ArrayList<>();
        operands.forEach(operand -> {
            Storage storage = operand.storage();
            if (!given.contains(storage) && !((CpuStorage) storage).isOf(reserve)) {
                throw refuse(
                        "capture: a tensor is used that is no input, such as a parameter or a buffer; make it one, since it may have another place in the next step");
            }
            tensors.add(number(storage));
            dtypes.add(operand.dtype());
            layouts.add(operand.layout());
        });
        asked.add(new Asked(what, tensors, dtypes, layouts));
    }

    /// {@return an exception to be thrown} It ends the capture, also if the body catches it.
    IllegalStateException refuse(String message) {
        var thrown = new IllegalStateException(message);
        refusal = refusal == null ? thrown : refusal;
        return thrown;
    }

    private void requireAccepted() {
        if (refusal != null) {
            throw refusal;
        }
    }

    private int number(Storage storage) {
        return numbers.computeIfAbsent(storage, _ -> numbers.size());
    }

    /// Does a loop and writes it down.
    void run(Parallel.Loop loop) {
        loops.add(loop);
        isWithinLoop = true;
        try {
            parallel.run(loop);
        } finally {
            isWithinLoop = false;
        }
    }

    private void requireSame(CpuCapture other) {
        int count = asked.size();
        for (int i = 0; i < Math.min(count, other.asked.size()); i++) {
            if (!asked.get(i).equals(other.asked.get(i))) {
                throw new IllegalStateException(
                        "capture: what is computed changes from one time to the next, in call %d of %d: '%s', then '%s'; a number that changes has to be an input"
                                .formatted(
                                        i + 1,
                                        count,
                                        shown(asked.get(i)),
                                        shown(other.asked.get(i))));
            }
        }
        if (count != other.asked.size() || loops.size() != other.loops.size()) {
            throw new IllegalStateException(
                    "capture: there are %d calls and %d loops the first time, %d and %d the second; what is computed may not depend on the host"
                            .formatted(
                                    count, loops.size(), other.asked.size(), other.loops.size()));
        }
    }

    /// What was compared is of no more use.
    private void forgetAsked() {
        asked.clear();
        numbers.clear();
    }

    private static String shown(Asked asked) {
        String said = "%s of tensors %s, %s".formatted(asked.what, asked.tensors, asked.layouts);
        return said.length() <= SHOWN ? said : said.substring(0, SHOWN) + "..";
    }

    @Override
    public void replay() {
        if (closed) {
            throw new IllegalStateException("capture: it is closed; make another one");
        }
        CpuCapture outer = recorder.current();
        if (outer != null) {
            throw outer.refuse("capture: another one is used within it; captures do not nest");
        }
        for (int i = 0; i < loops.size(); i++) {
            parallel.run(loops.get(i));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pool.close(reserve);
        }
    }
}
