package tensor.api;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Step;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// Writes down what is done with tensors, and computes nothing: so a composite becomes a [Program].
///
/// It is a backend whose storages hold the number of a step in place of elements. Steps that do the same with the same are
/// one. **Threads.** One trace, one thread.
final class Trace implements Backend {
    private final String name;
    private final Shape domain;
    private final Shape rows;
    private final Device device = Device.over(this);
    private final List<Step> steps = new ArrayList<>();
    private final Map<Step, Integer> numbers = new HashMap<>();

    /// @param name what is traced, in messages
    /// @param domain the shape of its operands
    Trace(String name, Shape domain) {
        this.name = name;
        this.domain = domain;
        this.rows = rows(domain);
    }

    /// {@return the shape of one number for each row}
    static Shape rows(Shape domain) {
        return domain.rank() == 0 ? domain : domain.with(domain.rank() - 1, 1);
    }

    /// {@return what stands for an operand}
    ///
    /// @param like has its type and shape, which is the domain or that of the rows
    Tensor input(int number, Tensor like) {
        Extent extent = like.shape().equals(domain) ? Extent.ALL : Extent.ROW;
        Operand out = Dispatch.fresh(device, like.dtype(), like.shape());
        put(out, new Step.Input(number, like.dtype(), extent));
        return Tensor.made(device, out, null);
    }

    /// Reads a value from an operand that has it, in place of computing it.
    void replace(Tensor value, Tensor operand) {
        steps.set(number(value.data()), steps.get(number(operand.data())));
    }

    /// {@return what leads to some results, each of the shape of the domain or of the rows}
    Program program(List<Tensor> results) {
        List<Program.Output> outputs = results.stream().map(this::output).toList();
        int[] renumbered = new int[steps.size()];
        boolean[] needed = new boolean[steps.size()];
        outputs.forEach(output -> needed[output.step()] = true);
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (needed[i]) {
                for (int taken : steps.get(i).takes()) {
                    needed[taken] = true;
                }
            }
        }
        List<Step> kept = new ArrayList<>();
        for (int i = 0; i < renumbered.length; i++) {
            if (needed[i]) {
                renumbered[i] = kept.size();
                kept.add(steps.get(i).renumbered(renumbered));
            }
        }
        return new Program(
                kept,
                outputs.stream()
                        .map(old -> new Program.Output(renumbered[old.step()], old.extent()))
                        .toList());
    }

    private Program.Output output(Tensor result) {
        if (!result.shape().equals(domain) && !result.shape().equals(rows)) {
            throw refused("a result of shape %s from %s".formatted(result.shape(), domain));
        }
        Extent extent = result.shape().equals(domain) ? Extent.ALL : Extent.ROW;
        return new Program.Output(read(result.data()), extent);
    }

    @Override
    public String name() {
        return "trace of " + name;
    }

    @Override
    public Storage allocate(DType dtype, long elementCount) {
        return new Value(this, dtype, elementCount);
    }

    @Override
    public void unary(UnaryOp op, Operand x, Operand out) {
        int taken = read(x);
        put(out, new Step.Map1(op, taken, out.dtype(), extent(taken)));
    }

    @Override
    public void binary(BinaryOp op, Operand a, Operand b, Operand out) {
        Extent extent = common(read(a), read(b));
        put(out, new Step.Map2(op, read(a, extent), read(b, extent), out.dtype(), extent));
    }

    @Override
    public void where(Operand condition, Operand a, Operand b, Operand out) {
        Extent extent = common(read(condition), read(a), read(b));
        put(
                out,
                new Step.Where(
                        read(condition, extent),
                        read(a, extent),
                        read(b, extent),
                        out.dtype(),
                        extent));
    }

    @Override
    public void cast(Operand x, Operand out) {
        int taken = read(x);
        DType to = out.dtype();
        if (x.dtype() == DType.BOOL) {
            int one = constant(to, 1);
            put(out, new Step.Where(taken, one, constant(to, 0), to, extent(taken)));
        } else if (to == DType.BOOL) {
            put(out, isNotZero(taken));
        } else {
            put(out, new Step.Cast(taken, to, extent(taken)));
        }
    }

    private Step isNotZero(int taken) {
        DType dtype = steps.get(taken).dtype();
        if (dtype.isStorageOnly()) {
            int number = number(new Step.Cast(taken, DType.FLOAT32, extent(taken)));
            return isNotZero(number);
        }
        int zero = constant(dtype, 0);
        var isZero = new Step.Map2(BinaryOp.EQUAL, taken, zero, DType.BOOL, extent(taken));
        int no = constant(DType.BOOL, 0);
        return new Step.Map2(BinaryOp.EQUAL, number(isZero), no, DType.BOOL, extent(taken));
    }

    private int constant(DType dtype, double value) {
        return number(new Step.Constant(dtype.bits(value), dtype));
    }

    @Override
    public void copy(Operand x, Operand out) {
        put(out, steps.get(read(x)));
    }

    @Override
    public void fill(Operand out, long bits) {
        put(out, new Step.Constant(bits, out.dtype()));
    }

    @Override
    public void reduce(ReduceOp op, Operand x, int[] axes, Operand out) {
        if (!x.shape().equals(domain) || axes.length != 1 || axes[0] != domain.rank() - 1) {
            throw refused("a fold of more than the last axis of " + domain);
        }
        put(out, new Step.Fold(op, readAll(x), out.dtype()));
    }

    @Override
    public void run(Program program, Shape shape, List<Operand> inputs, List<Operand> outputs) {
        throw new AssertionError("a fusion in a trace is traced by its definition");
    }

    @Override
    public void upload(MemorySegment host, Storage target) {
        throw refused("numbers of the host");
    }

    @Override
    public void download(Storage source, MemorySegment host) {
        throw refused("reading numbers");
    }

    @Override
    public void cumSum(Operand x, int axis, Operand out) {
        throw refused("cumSum");
    }

    @Override
    public void position(PositionOp op, Operand x, int axis, Operand out) {
        throw refused("a position");
    }

    @Override
    public void argSort(SortOrder order, Operand x, int axis, Operand out) {
        throw refused("sort");
    }

    @Override
    public void matMul(Operand a, Operand b, Operand out) {
        throw refused("matMul");
    }

    @Override
    public void gather(Operand x, Operand index, int axis, Operand out) {
        throw refused("gather");
    }

    @Override
    public void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        throw refused("scatterAdd");
    }

    @Override
    public void random(long key, long stream, Operand out) {
        throw refused("random numbers");
    }

    @Override
    public void synchronize() {
        // nothing is computed
    }

    private IllegalStateException refused(String what) {
        return new IllegalStateException(
                "Fusion '%s': %s; it can have what works on elements and along their last axis"
                        .formatted(name, what));
    }

    /// {@return the value that an operand sees, for a step of an extent; one that is the same everywhere stays one number}
    private int read(Operand x, Extent extent) {
        int number = read(x);
        return extent == Extent.ALL && extent(number) == Extent.ROW ? spread(number) : number;
    }

    /// {@return the value that an operand sees, of each element}
    private int readAll(Operand x) {
        int number = read(x);
        return extent(number) == Extent.ALL ? number : spread(number);
    }

    /// {@return the value that an operand sees, if it sees it whole and in order, or repeated along rows}
    private int read(Operand x) {
        int number = number(x);
        boolean repeated =
                x.shape().equals(domain)
                        && x.layout().equals(Layout.contiguous(rows).expand(domain));
        return switch (extent(number)) {
            case ONE -> number;
            case ROW -> {
                if (!x.layout().isContiguous() && !repeated) {
                    throw refused("a view %s of rows of %s".formatted(x.layout(), domain));
                }
                yield repeated && !rows.equals(domain) ? spread(number) : number;
            }
            case ALL -> {
                if (!x.layout().isContiguous()) {
                    throw refused("a view %s of %s".formatted(x.layout(), domain));
                }
                yield number;
            }
        };
    }

    private int spread(int number) {
        return number(new Step.Spread(number, steps.get(number).dtype()));
    }

    private Extent extent(int number) {
        return steps.get(number).extent();
    }

    private Extent common(int... taken) {
        Extent most = Extent.ONE;
        for (int number : taken) {
            most = extent(number).compareTo(most) > 0 ? extent(number) : most;
        }
        return most;
    }

    private int number(Step step) {
        Integer known = numbers.get(step);
        if (known != null) {
            return known;
        }
        steps.add(step);
        numbers.put(step, steps.size() - 1);
        return steps.size() - 1;
    }

    private static int number(Operand x) {
        return ((Value) x.storage()).number;
    }

    private void put(Operand out, Step step) {
        Value value = (Value) out.storage();
        if (!out.layout().isContiguous() || out.shape().elementCount() != value.elementCount()) {
            throw refused("writing a part of a tensor");
        }
        value.number = number(step);
    }

    /// What stands in place of elements.
    private static final class Value extends Storage {
        private int number;

        private Value(Trace trace, DType dtype, long elementCount) {
            super(trace, dtype, elementCount, () -> {});
        }
    }
}
