package tensor.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.Operand;

/// One computation on given inputs, and how exact it has to be.
///
/// @param name stands in messages
/// @param inputs what goes in
/// @param shape of the result
/// @param dtype of the result
/// @param ulps how far off a result may be, see [Tolerance]
/// @param sums whether the unit of that is the unit of the sum of absolute values
/// @param kernel the computation
record OpCase(
        String name,
        List<Given> inputs,
        Shape shape,
        DType dtype,
        double ulps,
        boolean sums,
        Kernel kernel) {

    /// A computation by a backend.
    @FunctionalInterface
    interface Kernel {
        void run(Backend backend, List<Operand> inputs, Operand out);
    }

    /// {@return an exact case that computes nothing yet}
    static OpCase of(String name, Shape shape, DType dtype, Given... inputs) {
        Kernel none = (_, _, _) -> {};
        return new OpCase(name, List.of(inputs), shape, dtype, 0, false, none);
    }

    OpCase within(double ulps) {
        return new OpCase(name, inputs, shape, dtype, ulps, sums, kernel);
    }

    OpCase judgedAsSum() {
        return new OpCase(name, inputs, shape, dtype, ulps, true, kernel);
    }

    OpCase by(Kernel kernel) {
        return new OpCase(name, inputs, shape, dtype, ulps, sums, kernel);
    }

    /// Fails where a result is too far from the reference, or where the layout of an input changes
    /// its bits.
    void check(Backend backend) {
        check(backend, true);
    }

    /// The same, where the layout of an input may change bits if it is so.
    void check(Backend backend, boolean layoutsKeepBits) {
        Backend reference = new ReferenceBackend();
        MemorySegment expected = run(reference, inputs, false);
        MemorySegment actual = run(backend, inputs, false);
        MemorySegment scale =
                sums
                        ? run(reference, inputs.stream().map(Given::absolute).toList(), false)
                        : expected;
        for (int i = 0; i < shape.elementCount(); i++) {
            compare(i, expected, actual, scale);
        }
        if (!layoutsKeepBits) {
            return;
        }
        MemorySegment dense = run(backend, inputs, true);
        for (int i = 0; i < shape.elementCount(); i++) {
            if (bits(dense, i) != bits(actual, i)) {
                fail(
                        at(i)
                                + number(actual, i)
                                + ", but "
                                + number(dense, i)
                                + " of contiguous copies of the inputs");
            }
        }
    }

    private MemorySegment run(Backend backend, List<Given> given, boolean dense) {
        List<Operand> operands = new ArrayList<>();
        for (Given input : given) {
            operands.add(dense ? input.denseOn(backend) : input.on(backend));
        }
        Operand out =
                new Operand(
                        backend.allocate(dtype, shape.elementCount()), Layout.contiguous(shape));
        kernel.run(backend, operands, out);
        MemorySegment host = Values.memory(dtype, shape.elementCount());
        backend.download(out.storage(), host);
        for (Operand operand : operands) {
            operand.storage().release("the end of the case");
        }
        out.storage().release("the end of the case");
        return host;
    }

    private void compare(int i, MemorySegment expected, MemorySegment actual, MemorySegment scale) {
        if (bits(expected, i) == bits(actual, i)) {
            return;
        }
        double want = number(expected, i);
        double have = number(actual, i);
        double magnitude = Math.max(Math.abs(want), Math.abs(number(scale, i)));
        double unit = dtype == DType.FLOAT32 ? Math.ulp((float) magnitude) : Math.ulp(magnitude);
        boolean wrongZero = !sums && want == 0 && have == 0;
        boolean close = dtype.isFloating() && Math.abs(have - want) <= ulps * unit;
        if (wrongZero || !close) {
            fail(
                    at(i)
                            + have
                            + ", expected "
                            + want
                            + ": "
                            + Math.abs(have - want) / unit
                            + " ulp, allowed "
                            + ulps);
        }
    }

    private String at(int i) {
        return name + " of " + inputs + ": element " + i + " of " + shape + " is ";
    }

    private double number(MemorySegment host, long i) {
        return dtype.value(Values.get(host, dtype, i));
    }

    /// The bits of an element; all NaNs are one.
    private long bits(MemorySegment host, long i) {
        long bits = Values.get(host, dtype, i);
        return Double.isNaN(dtype.value(bits)) ? dtype.bits(Double.NaN) : bits;
    }
}
