package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tensor.api.RandomKey;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Random programs on random shapes and layouts: run at once they give the bits that they give step by step.
final class ProgramCases {
    private static final int COUNT = 80;
    private static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);
    private static final List<UnaryOp> MAPS =
            List.of(UnaryOp.NEG, UnaryOp.EXP, UnaryOp.SQRT, UnaryOp.TANH, UnaryOp.ERF);
    private static final List<BinaryOp> PAIRS =
            List.of(BinaryOp.ADD, BinaryOp.SUB, BinaryOp.MUL, BinaryOp.DIV, BinaryOp.MAX);

    /// Rows of one element, below and beyond a vector, and longer than what is folded in one go.
    private static final List<Shape> DOMAINS =
            List.of(
                    Shape.of(1),
                    Shape.of(7, 1),
                    Shape.of(5, 10),
                    Shape.of(2, 3, 64),
                    Shape.of(130, 33),
                    Shape.of(3, 4099),
                    Shape.of(2, 70_001),
                    Shape.of(140_000));

    private ProgramCases() {}

    static Stream<Case> all() {
        return IntStream.range(0, COUNT).mapToObj(ProgramCases::make);
    }

    /// {@return a program with special values in its inputs, which are of single elements}
    static Case ofValues(Program program) {
        Shape domain = Shape.of(7, 101);
        List<Given> inputs = new ArrayList<>();
        for (Step step : program.steps()) {
            if (step instanceof Step.Input(int number, DType dtype, _)) {
                inputs.add(
                        Given.of(Values.MIXED, dtype, domain, Arrangement.CONTIGUOUS, 1 + number));
            }
        }
        return new Case(0, program, domain, inputs);
    }

    private static Case make(int number) {
        var dice = new Dice(RandomKey.of(number));
        Shape domain = DOMAINS.get(number % DOMAINS.size());
        DType dtype = FLOATS.get(dice.below(FLOATS.size()));
        Shape rows = domain.with(domain.rank() - 1, 1);
        List<Step> steps = new ArrayList<>();
        List<Given> inputs = new ArrayList<>();
        for (int i = dice.below(3); i >= 0; i--) {
            boolean all = inputs.isEmpty() || dice.heads() || rows.equals(domain);
            steps.add(new Step.Input(inputs.size(), dtype, all ? Extent.ALL : Extent.ROW));
            var arrangement = Arrangement.CONTIGUOUS.later(dice.below(7));
            inputs.add(Given.of(Values.ORDINARY, dtype, all ? domain : rows, arrangement, number));
        }
        for (int i = dice.between(1, 12); i > 0; i--) {
            add(steps, dice, dtype);
        }
        List<Program.Output> outputs = new ArrayList<>();
        for (int i = dice.below(3); i >= 0; i--) {
            int step = dice.below(steps.size());
            boolean isRow = steps.get(step).extent() == Extent.ROW;
            outputs.add(new Program.Output(step, isRow ? Extent.ROW : Extent.ALL));
        }
        return new Case(number, new Program(steps, outputs), domain, inputs);
    }

    private static void add(List<Step> steps, Dice dice, DType dtype) {
        int a = number(steps, dice, dtype);
        int b = number(steps, dice, dtype);
        switch (dice.below(8)) {
            case 0 -> steps.add(new Step.Constant(dtype.bits(dice.below(5) - 2), dtype));
            case 1 -> {
                int x = spread(steps, a);
                steps.add(new Step.Fold(dice.heads() ? ReduceOp.SUM : ReduceOp.MAX, x, dtype));
            }
            case 2, 3 -> {
                UnaryOp op = MAPS.get(dice.below(MAPS.size()));
                steps.add(new Step.Map1(op, a, dtype, steps.get(a).extent()));
            }
            case 4 -> choose(steps, a, b, dtype);
            default -> {
                BinaryOp op = PAIRS.get(dice.below(PAIRS.size()));
                pair(steps, op, a, b, dtype);
            }
        }
    }

    /// The greater one of two.
    private static void choose(List<Step> steps, int a, int b, DType dtype) {
        pair(steps, BinaryOp.LESS, a, b, DType.BOOL);
        Step last = steps.getLast();
        int less = steps.size() - 1;
        int[] taken = last.takes();
        steps.add(new Step.Where(less, taken[1], taken[0], dtype, last.extent()));
    }

    private static void pair(List<Step> steps, BinaryOp op, int a, int b, DType dtype) {
        boolean all = steps.get(a).extent() == Extent.ALL || steps.get(b).extent() == Extent.ALL;
        int x = all && steps.get(a).extent() == Extent.ROW ? spread(steps, a) : a;
        int y = all && steps.get(b).extent() == Extent.ROW ? spread(steps, b) : b;
        Extent ofX = steps.get(x).extent();
        Extent ofY = steps.get(y).extent();
        steps.add(new Step.Map2(op, x, y, dtype, ofX.compareTo(ofY) > 0 ? ofX : ofY));
    }

    private static int spread(List<Step> steps, int a) {
        if (steps.get(a).extent() != Extent.ROW) {
            return a;
        }
        steps.add(new Step.Spread(a, steps.get(a).dtype()));
        return steps.size() - 1;
    }

    private static int number(List<Step> steps, Dice dice, DType dtype) {
        int step = dice.below(steps.size());
        return steps.get(step).dtype() == dtype ? step : 0;
    }

    record Case(int number, Program program, Shape domain, List<Given> inputs) {
        void check(Backend backend) {
            List<Operand> in = inputs.stream().map(given -> given.on(backend)).toList();
            List<Operand> expected = outputs(backend, 1);
            int kind = number / DOMAINS.size() % 4;
            boolean inParts = kind == 3;
            List<Operand> found = inParts ? parts(backend) : outputs(backend, 1 + kind);
            program.stepByStep(backend, domain, in, expected);
            backend.run(program, domain, in, found);
            for (int i = 0; i < found.size(); i++) {
                long differs = elements(expected.get(i)).mismatch(elements(found.get(i)));
                assertEquals(-1, differs, "output %d of %s".formatted(i, program));
                if (inParts) {
                    checkNeighbours(found.get(i));
                }
            }
        }

        /// Outputs with distances between their elements.
        ///
        /// @param step from one element to the next
        private List<Operand> outputs(Backend backend, int step) {
            List<Operand> outputs = new ArrayList<>();
            for (Program.Output output : program.outputs()) {
                Layout dense = Layout.contiguous(shape(output));
                long[] strides =
                        IntStream.range(0, dense.shape().rank())
                                .mapToLong(axis -> step * dense.stride(axis))
                                .toArray();
                long count = step * dense.shape().elementCount();
                outputs.add(
                        new Operand(
                                backend.allocate(dtype(output), count),
                                Layout.of(dense.shape(), strides, step - 1)));
            }
            return outputs;
        }

        /// Outputs that lie without gaps in the middle of memory that is full of zeros.
        private List<Operand> parts(Backend backend) {
            List<Operand> outputs = new ArrayList<>();
            for (Program.Output output : program.outputs()) {
                Layout dense = Layout.contiguous(shape(output));
                long count = dense.shape().elementCount();
                var storage = backend.allocate(dtype(output), 3 * count);
                backend.fill(
                        new Operand(
                                storage, Layout.contiguous(Shape.of(Math.toIntExact(3 * count)))),
                        0);
                outputs.add(new Operand(storage, Layout.of(dense.shape(), dense.strides(), count)));
            }
            return outputs;
        }

        private static void checkNeighbours(Operand part) {
            int count = Math.toIntExact(part.shape().elementCount());
            MemorySegment zeros = Values.memory(part.dtype(), count);
            for (long offset : new long[] {0, 2L * count}) {
                Layout outside = Layout.of(Shape.of(count), new long[] {1}, offset);
                MemorySegment found = elements(new Operand(part.storage(), outside));
                assertEquals(-1, zeros.mismatch(found), "what lies beside an output is changed");
            }
        }

        private Shape shape(Program.Output output) {
            return output.extent() == Extent.ROW ? domain.with(domain.rank() - 1, 1) : domain;
        }

        private DType dtype(Program.Output output) {
            return program.steps().get(output.step()).dtype();
        }

        private static MemorySegment elements(Operand operand) {
            Backend backend = operand.storage().backend();
            long count = operand.shape().elementCount();
            var dense =
                    new Operand(
                            backend.allocate(operand.dtype(), count),
                            Layout.contiguous(operand.shape()));
            backend.copy(operand, dense);
            MemorySegment host = Values.memory(operand.dtype(), count);
            backend.download(dense.storage(), host);
            return host;
        }

        @Override
        public String toString() {
            return "program %d, %d steps, on %s".formatted(number, program.steps().size(), domain);
        }
    }
}
