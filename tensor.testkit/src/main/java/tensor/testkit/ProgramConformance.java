package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Capture;
import tensor.spi.Extent;
import tensor.spi.Operand;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SingleSteps;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// What a backend that has another way to run programs must do: each function, and random programs, give the bits that they
/// give step by step, captured or not. It is a part of [BackendConformance] and some more.
public abstract class ProgramConformance {
    /// For subclasses.
    protected ProgramConformance() {}

    /// {@return the backend under test, always the same}
    protected abstract Backend backend();

    @TestFactory
    Stream<DynamicTest> programs() {
        return ProgramCases.all()
                .map(one -> dynamicTest(one.toString(), () -> one.check(backend())));
    }

    @TestFactory
    Stream<DynamicTest> functions() {
        return functionsOfAllTypes().stream()
                .map(ProgramCases::ofValues)
                .map(one -> dynamicTest(one.program().toString(), () -> one.check(backend())));
    }

    @Test
    void captured() {
        Backend backend = backend();
        Program sum = new SingleSteps().binary(BinaryOp.ADD, DType.FLOAT32);
        Shape shape = Shape.of(3);
        Operand x = Given.integers(DType.FLOAT32, shape, 1, 2, 3).on(backend);
        Operand y = Given.integers(DType.FLOAT32, shape, 10, 20, 30).on(backend);
        try (Capture capture =
                backend.capture(
                                List.of(x.storage(), y.storage()),
                                () -> backend.run(sum, shape, List.of(x, y), List.of(y)))
                        .orElseThrow()) {

            capture.replay();
        }

        MemorySegment host = Values.memory(DType.FLOAT32, 3);
        backend.download(y.storage(), host);
        // done twice while it was recorded
        assertArrayEquals(new float[] {13, 26, 39}, host.toArray(ValueLayout.JAVA_FLOAT));
    }

    private static List<Program> functionsOfAllTypes() {
        var singles = new SingleSteps();
        List<Program> all = new ArrayList<>();
        for (DType dtype : DType.values()) {
            all.add(singles.where(dtype));
            for (UnaryOp op : UnaryOp.values()) {
                if (dtype == DType.FLOAT32 || dtype == DType.FLOAT64) {
                    all.add(singles.unary(op, dtype));
                }
            }
            for (BinaryOp op : BinaryOp.values()) {
                boolean mayFail = op == BinaryOp.DIV && dtype.isInteger();
                if (op.isDefinedOn(dtype) && !mayFail) {
                    all.add(singles.binary(op, dtype));
                }
            }
            for (ReduceOp op : ReduceOp.values()) {
                if (op.isDefinedOn(dtype)) {
                    all.add(singles.fold(op, dtype));
                }
            }
            for (DType to : DType.values()) {
                if (dtype != DType.BOOL && to != DType.BOOL) {
                    all.add(cast(dtype, to));
                }
            }
        }
        return all;
    }

    private static Program cast(DType from, DType to) {
        return new Program(
                List.of(new Step.Input(0, from, Extent.ALL), new Step.Cast(0, to, Extent.ALL)),
                List.of(new Program.Output(1, Extent.ALL)));
    }
}
