package tensor.spi;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// Runs a program by the other methods of a backend, each step on whole operands: what it means.
final class StepByStep {
    private final Backend backend;
    private final Shape domain;
    private final Shape rows;
    private final List<Operand> values = new ArrayList<>();
    private final List<Storage> made = new ArrayList<>();

    private StepByStep(Backend backend, Shape domain) {
        this.backend = backend;
        this.domain = domain;
        this.rows = domain.rank() == 0 ? domain : domain.with(domain.rank() - 1, 1);
    }

    static void run(
            Backend backend,
            Program program,
            Shape domain,
            List<Operand> inputs,
            List<Operand> outputs) {
        var run = new StepByStep(backend, domain);
        try {
            for (Step step : program.steps()) {
                run.values.add(run.value(step, inputs));
            }
            for (int i = 0; i < outputs.size(); i++) {
                Operand out = outputs.get(i);
                Operand value = run.values.get(program.outputs().get(i).step());
                backend.copy(seen(value, out.shape()), out);
            }
        } finally {
            run.made.forEach(storage -> storage.release("program"));
        }
    }

    private Operand value(Step step, List<Operand> inputs) {
        return switch (step) {
            case Step.Input(int number, _, _) -> inputs.get(number);
            case Step.Constant(long bits, DType dtype) -> {
                Operand out = fresh(dtype, Extent.ONE);
                backend.fill(out, bits);
                yield out;
            }
            case Step.Map1(UnaryOp op, int x, DType dtype, Extent extent) -> {
                Operand out = fresh(dtype, extent);
                backend.unary(op, taken(x, extent), out);
                yield out;
            }
            case Step.Map2(BinaryOp op, int a, int b, DType dtype, Extent extent) -> {
                Operand out = fresh(dtype, extent);
                backend.binary(op, taken(a, extent), taken(b, extent), out);
                yield out;
            }
            case Step.Where(int condition, int a, int b, DType dtype, Extent extent) -> {
                Operand out = fresh(dtype, extent);
                backend.where(taken(condition, extent), taken(a, extent), taken(b, extent), out);
                yield out;
            }
            case Step.Cast(int x, DType dtype, Extent extent) -> {
                Operand out = fresh(dtype, extent);
                backend.cast(taken(x, extent), out);
                yield out;
            }
            case Step.Fold(ReduceOp op, int x, DType dtype) -> {
                Operand out = fresh(dtype, Extent.ROW);
                int[] last = {domain.rank() - 1};
                backend.reduce(op, taken(x, Extent.ALL), last, out);
                yield out;
            }
            case Step.Spread(int x, _) -> taken(x, Extent.ALL);
        };
    }

    private Operand fresh(DType dtype, Extent extent) {
        Shape shape = shape(extent);
        Storage storage = backend.allocate(dtype, shape.elementCount());
        made.add(storage);
        return new Operand(storage, Layout.contiguous(shape));
    }

    private Operand taken(int step, Extent extent) {
        return seen(values.get(step), shape(extent));
    }

    private Shape shape(Extent extent) {
        return switch (extent) {
            case ONE -> Shape.scalar();
            case ROW -> rows;
            case ALL -> domain;
        };
    }

    private static Operand seen(Operand value, Shape shape) {
        return new Operand(value.storage(), value.layout().expand(shape));
    }
}
