package tensor.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.layout.DType;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.SingleSteps;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// What a backend that has another way to run programs must do: each function, and random programs, give the bits that they
/// give step by step. It is a part of [BackendConformance] and some more.
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
