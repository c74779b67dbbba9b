package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// What every backend must do: each primitive on sizes around the vector width, on all layouts and special values,
/// against the [ReferenceBackend].
///
/// ```java
/// class CpuConformanceTest extends BackendConformance {
///     @Override protected Backend backend() { return Device.cpu().backend(); }
/// }
/// ```
public abstract class BackendConformance {
    private static final List<Shape> SHAPES =
            List.of(
                    Shape.scalar(),
                    Shape.of(0),
                    Shape.of(1),
                    Shape.of(7),
                    Shape.of(8),
                    Shape.of(9),
                    Shape.of(15),
                    Shape.of(16),
                    Shape.of(17),
                    Shape.of(1031),
                    Shape.of(0, 3),
                    Shape.of(3, 15),
                    Shape.of(16, 3),
                    Shape.of(1, 17),
                    Shape.of(5, 211),
                    Shape.of(2, 3, 17),
                    Shape.of(2, 1, 3, 4));

    private static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);
    private static final List<DType> NUMBERS = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);

    /// For subclasses.
    protected BackendConformance() {}

    /// {@return the backend under test, always the same}
    protected abstract Backend backend();

    @Test
    void everyMethodOfTheContractHasItsCasesHere() {
        Set<String> tested = new TreeSet<>();
        tested.addAll(
                List.of(
                        "unary",
                        "binary",
                        "where",
                        "reduce",
                        "matMul",
                        "gather",
                        "scatterAdd",
                        "cast",
                        "copy"));
        tested.addAll(
                List.of("fill", "random", "allocate", "upload", "download", "name", "synchronize"));

        Set<String> contract = new TreeSet<>();
        for (Method method : Backend.class.getMethods()) {
            contract.add(method.getName());
        }

        assertEquals(contract, tested);
    }

    @TestFactory
    Stream<DynamicTest> unary() {
        return each(
                FLOATS,
                UnaryOp.values(),
                (dtype, op) -> {
                    OpCase.Kernel kernel =
                            (backend, in, out) -> backend.unary(op, in.getFirst(), out);
                    List<OpCase> cases = new ArrayList<>();
                    for (Shape shape : SHAPES) {
                        for (Arrangement arrangement : Arrangement.values()) {
                            Given x =
                                    Given.of(
                                            Values.MIXED,
                                            dtype,
                                            shape,
                                            arrangement,
                                            shape.hashCode());
                            cases.add(
                                    new OpCase(
                                            op.name(),
                                            List.of(x),
                                            shape,
                                            dtype,
                                            Tolerance.of(op),
                                            false,
                                            kernel));
                        }
                    }
                    Shape specials = Shape.of(Values.specialCount(dtype));
                    Given x =
                            new Given(
                                    dtype,
                                    Values.MIXED.specials(dtype, 1, 1),
                                    Layout.contiguous(specials));
                    cases.add(
                            new OpCase(
                                    op.name(),
                                    List.of(x),
                                    specials,
                                    dtype,
                                    Tolerance.of(op),
                                    false,
                                    kernel));
                    Shape dense = Shape.of(20_000);
                    Given many = Given.of(Values.ORDINARY, dtype, dense, Arrangement.CONTIGUOUS, 1);
                    cases.add(
                            new OpCase(
                                    op.name(),
                                    List.of(many),
                                    dense,
                                    dtype,
                                    Tolerance.of(op),
                                    false,
                                    kernel));
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> binary() {
        return each(NUMBERS, BinaryOp.values(), this::binary);
    }

    @TestFactory
    Stream<DynamicTest> equalityOfBools() {
        return each(List.of(DType.BOOL), new BinaryOp[] {BinaryOp.EQUAL}, this::binary);
    }

    private List<OpCase> binary(DType dtype, BinaryOp op) {
        OpCase.Kernel kernel = (backend, in, out) -> backend.binary(op, in.get(0), in.get(1), out);
        Values right = op == BinaryOp.DIV ? Values.DIVISORS : Values.MIXED;
        DType result = op.isComparison() ? DType.BOOL : dtype;
        List<OpCase> cases = new ArrayList<>();
        for (Shape shape : SHAPES) {
            for (Arrangement arrangement : Arrangement.values()) {
                Arrangement other = arrangement.later(shape.hashCode());
                Given a = Given.of(Values.MIXED, dtype, shape, arrangement, 2L + shape.hashCode());
                Given b = Given.of(right, dtype, shape, other, 3L + shape.hashCode());
                cases.add(
                        new OpCase(
                                op.name(),
                                List.of(a, b),
                                shape,
                                result,
                                Tolerance.of(op),
                                false,
                                kernel));
            }
        }
        int kinds = Values.specialCount(dtype);
        Shape square = Shape.of(kinds, kinds);
        Given a =
                new Given(dtype, Values.MIXED.specials(dtype, kinds, 1), Layout.contiguous(square));
        Given b = new Given(dtype, right.specials(dtype, 1, kinds), Layout.contiguous(square));
        cases.add(
                new OpCase(
                        op.name(), List.of(a, b), square, result, Tolerance.of(op), false, kernel));
        return cases;
    }

    @Test
    void integersAreNotDividedByZero() {
        Given a = Given.index(Shape.of(3), 1, 2, 3);
        Given b = Given.index(Shape.of(3), 1, 0, 3);
        Operand out = a.on(backend());

        var error =
                assertThrows(
                        ArithmeticException.class,
                        () ->
                                backend()
                                        .binary(
                                                BinaryOp.DIV,
                                                a.on(backend()),
                                                b.on(backend()),
                                                out));

        assertEquals("div: an int64 is divided by 0; compare with 0 first", error.getMessage());
    }

    @TestFactory
    Stream<DynamicTest> where() {
        return each(
                List.of(DType.values()),
                new String[] {"where"},
                (dtype, name) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Shape shape : SHAPES) {
                        for (Arrangement arrangement : Arrangement.values()) {
                            Arrangement second = arrangement.later(2);
                            Arrangement third = arrangement.later(shape.hashCode());
                            Given condition =
                                    Given.of(Values.MIXED, DType.BOOL, shape, arrangement, 4);
                            Given a = Given.of(Values.MIXED, dtype, shape, second, 5);
                            Given b = Given.of(Values.MIXED, dtype, shape, third, 6);
                            cases.add(
                                    new OpCase(
                                            name,
                                            List.of(condition, a, b),
                                            shape,
                                            dtype,
                                            0,
                                            false,
                                            (backend, in, out) ->
                                                    backend.where(
                                                            in.get(0), in.get(1), in.get(2), out)));
                        }
                    }
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> reduce() {
        return each(
                NUMBERS,
                ReduceOp.values(),
                (dtype, op) -> {
                    List<OpCase> cases = new ArrayList<>();
                    List<Shape> shapes = new ArrayList<>(SHAPES);
                    shapes.addAll(
                            List.of(
                                    Shape.of(70_001),
                                    Shape.of(1031, 3),
                                    Shape.of(3, 1031),
                                    Shape.of(3, 0)));
                    for (Shape shape : shapes) {
                        for (Arrangement arrangement : Arrangement.values()) {
                            for (int mask = 1; mask < 1 << shape.rank(); mask++) {
                                reduce(op, dtype, shape, arrangement, Values.ORDINARY, mask, cases);
                            }
                        }
                    }
                    // each special value alone among ordinary numbers decides its row
                    int kinds = Values.specialCount(dtype);
                    for (int mask = 1; mask < 4; mask++) {
                        reduce(
                                op,
                                dtype,
                                Shape.of(kinds, 40),
                                Arrangement.TRANSPOSED,
                                Values.MIXED,
                                mask,
                                cases);
                        reduce(
                                op,
                                dtype,
                                Shape.of(kinds, 2),
                                Arrangement.CONTIGUOUS,
                                Values.MIXED,
                                mask,
                                cases);
                    }
                    return cases;
                });
    }

    private static void reduce(
            ReduceOp op,
            DType dtype,
            Shape shape,
            Arrangement arrangement,
            Values values,
            int mask,
            List<OpCase> cases) {
        int[] axes = new int[Integer.bitCount(mask)];
        Shape folded = shape;
        long foldedCount = 1;
        for (int axis = 0, next = 0; axis < shape.rank(); axis++) {
            if ((mask & 1 << axis) != 0) {
                axes[next++] = axis;
                folded = folded.with(axis, 1);
                foldedCount *= shape.size(axis);
            }
        }
        if (op == ReduceOp.MAX && foldedCount == 0) {
            return; // never asked
        }
        Given x = Given.of(values, dtype, shape, arrangement, 7);
        cases.add(
                new OpCase(
                        op + " over " + Arrays.toString(axes),
                        List.of(x),
                        folded,
                        dtype,
                        Tolerance.of(op),
                        op == ReduceOp.SUM,
                        (backend, in, out) -> backend.reduce(op, in.getFirst(), axes, out)));
    }

    @TestFactory
    Stream<DynamicTest> matMul() {
        int[][] sizes = {
            {1, 1, 1},
            {1, 7, 1},
            {2, 3, 4},
            {15, 16, 17},
            {16, 16, 16},
            {17, 15, 33},
            {33, 65, 31},
            {12, 32, 64},
            {13, 33, 65},
            {1, 1031, 1},
            {5, 1031, 3},
            {64, 10, 64},
            {3, 0, 2},
            {0, 3, 2},
            {3, 2, 0}
        };
        return each(
                FLOATS,
                sizes,
                (dtype, size) -> {
                    List<OpCase> cases = new ArrayList<>();
                    Shape a = Shape.of(size[0], size[1]);
                    Shape b = Shape.of(size[1], size[2]);
                    Shape product = Shape.of(size[0], size[2]);
                    for (Arrangement arrangement : Arrangement.values()) {
                        for (Arrangement other :
                                List.of(
                                        Arrangement.CONTIGUOUS,
                                        Arrangement.TRANSPOSED,
                                        arrangement)) {
                            cases.add(
                                    matMul(
                                            dtype,
                                            a,
                                            b,
                                            product,
                                            arrangement,
                                            other,
                                            Values.ORDINARY));
                            cases.add(
                                    matMul(
                                            dtype,
                                            a,
                                            b,
                                            product,
                                            other,
                                            arrangement,
                                            Values.ORDINARY));
                        }
                    }
                    cases.add(
                            matMul(
                                    dtype,
                                    a,
                                    b,
                                    product,
                                    Arrangement.CONTIGUOUS,
                                    Arrangement.CONTIGUOUS,
                                    Values.MIXED));
                    Shape stack = Shape.of(2, 3);
                    Shape stackedA = Shape.of(2, 3, size[0], size[1]);
                    Shape stackedB = Shape.of(2, 3, size[1], size[2]);
                    Shape stackedProduct = Shape.of(stack.size(0), stack.size(1), size[0], size[2]);
                    for (Arrangement arrangement : Arrangement.values()) {
                        cases.add(
                                matMul(
                                        dtype,
                                        stackedA,
                                        stackedB,
                                        stackedProduct,
                                        arrangement,
                                        Arrangement.EXPANDED_FIRST,
                                        Values.ORDINARY));
                    }
                    return cases;
                });
    }

    private static OpCase matMul(
            DType dtype,
            Shape a,
            Shape b,
            Shape product,
            Arrangement left,
            Arrangement right,
            Values values) {
        Given x = Given.of(values, dtype, a, left, 8);
        Given y = Given.of(values, dtype, b, right, 9);
        return new OpCase(
                "matMul",
                List.of(x, y),
                product,
                dtype,
                Tolerance.MAT_MUL,
                true,
                (backend, in, out) -> backend.matMul(in.get(0), in.get(1), out));
    }

    @TestFactory
    Stream<DynamicTest> gather() {
        return each(
                List.of(DType.values()),
                Arrangement.values(),
                (dtype, arrangement) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Positions at : Positions.CASES) {
                        Given x = Given.of(Values.MIXED, dtype, at.shape(), arrangement, 10);
                        for (Given index : at.indices()) {
                            cases.add(
                                    new OpCase(
                                            "gather along " + at.axis(),
                                            List.of(x, index),
                                            index.layout().shape(),
                                            dtype,
                                            0,
                                            false,
                                            (backend, in, out) ->
                                                    backend.gather(
                                                            in.get(0), in.get(1), at.axis(), out)));
                        }
                    }
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> scatterAdd() {
        return each(
                NUMBERS,
                Arrangement.values(),
                (dtype, arrangement) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Positions at : Positions.CASES) {
                        Given start =
                                Given.of(
                                        Values.ORDINARY,
                                        dtype,
                                        at.shape(),
                                        Arrangement.CONTIGUOUS,
                                        11);
                        for (Given index : at.indices()) {
                            Given source =
                                    Given.of(
                                            Values.ORDINARY,
                                            dtype,
                                            index.layout().shape(),
                                            arrangement,
                                            12);
                            cases.add(
                                    new OpCase(
                                            "scatterAdd along " + at.axis(),
                                            List.of(start, index, source),
                                            at.shape(),
                                            dtype,
                                            Tolerance.SCATTER_ADD,
                                            true,
                                            (backend, in, out) -> {
                                                backend.copy(in.get(0), out);
                                                backend.scatterAdd(
                                                        in.get(1), in.get(2), at.axis(), out);
                                            }));
                        }
                    }
                    return cases;
                });
    }

    @Test
    void aPositionOutsideOfTheAxisIsAnErrorWithIndexAxisAndSize() {
        Given x =
                Given.of(
                        Values.ORDINARY, DType.FLOAT32, Shape.of(2, 4), Arrangement.CONTIGUOUS, 13);
        for (long position : new long[] {4, -1}) {
            Given index = Given.index(Shape.of(2, 1), 0, position);
            Operand picked =
                    Given.of(
                                    Values.ORDINARY,
                                    DType.FLOAT32,
                                    Shape.of(2, 1),
                                    Arrangement.CONTIGUOUS,
                                    14)
                            .on(backend());

            var gather =
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () ->
                                    backend()
                                            .gather(
                                                    x.on(backend()),
                                                    index.on(backend()),
                                                    1,
                                                    picked));
            var scatter =
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () ->
                                    backend()
                                            .scatterAdd(
                                                    index.on(backend()),
                                                    picked,
                                                    1,
                                                    x.on(backend())));

            String message =
                    "index " + position + " is outside axis 1 of [2, 4], which has 4 elements";
            assertEquals(message, gather.getMessage());
            assertEquals(message, scatter.getMessage());
        }
    }

    @TestFactory
    Stream<DynamicTest> cast() {
        return each(
                List.of(DType.values()),
                DType.values(),
                (from, to) -> {
                    List<OpCase> cases = new ArrayList<>();
                    OpCase.Kernel kernel = (backend, in, out) -> backend.cast(in.getFirst(), out);
                    for (Shape shape : SHAPES) {
                        for (Arrangement arrangement : Arrangement.values()) {
                            Given x = Given.of(Values.MIXED, from, shape, arrangement, 15);
                            cases.add(
                                    new OpCase(
                                            "cast to " + to,
                                            List.of(x),
                                            shape,
                                            to,
                                            0,
                                            false,
                                            kernel));
                        }
                    }
                    Shape specials = Shape.of(Values.specialCount(from));
                    Given x =
                            new Given(
                                    from,
                                    Values.MIXED.specials(from, 1, 1),
                                    Layout.contiguous(specials));
                    cases.add(
                            new OpCase(
                                    "cast to " + to, List.of(x), specials, to, 0, false, kernel));
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> copy() {
        return each(
                List.of(DType.values()),
                Arrangement.values(),
                (dtype, arrangement) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Shape shape : SHAPES) {
                        Given x = Given.of(Values.MIXED, dtype, shape, arrangement, 16);
                        cases.add(
                                new OpCase(
                                        "copy",
                                        List.of(x),
                                        shape,
                                        dtype,
                                        0,
                                        false,
                                        (backend, in, out) -> backend.copy(in.getFirst(), out)));
                        for (Arrangement target : Arrangement.WRITABLE) {
                            cases.add(
                                    intoView(
                                            "copy into " + target,
                                            dtype,
                                            shape,
                                            target,
                                            List.of(x),
                                            (backend, in, view) ->
                                                    backend.copy(in.getFirst(), view)));
                        }
                    }
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> fill() {
        return each(
                List.of(DType.values()),
                Arrangement.WRITABLE.toArray(new Arrangement[0]),
                (dtype, target) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Shape shape : SHAPES) {
                        for (double value :
                                new double[] {
                                    0, -0.0, 1, -2.5, Double.NaN, Double.NEGATIVE_INFINITY, 1e-310
                                }) {
                            cases.add(
                                    intoView(
                                            "fill with " + value,
                                            dtype,
                                            shape,
                                            target,
                                            List.of(),
                                            (backend, in, view) ->
                                                    backend.fill(view, dtype.bits(value))));
                        }
                    }
                    return cases;
                });
    }

    /// The whole storage is the result: what lies between the elements of a view must stay as it was.
    private static OpCase intoView(
            String name,
            DType dtype,
            Shape shape,
            Arrangement target,
            List<Given> inputs,
            OpCase.Kernel kernel) {
        Layout view = target.of(shape);
        Shape whole = Shape.of(Math.toIntExact(Arrangement.storageSize(view)));
        return new OpCase(
                name,
                inputs,
                whole,
                dtype,
                0,
                false,
                (backend, in, out) -> {
                    backend.fill(out, dtype.bits(1));
                    kernel.run(backend, in, new Operand(out.storage(), view));
                });
    }

    @TestFactory
    Stream<DynamicTest> random() {
        long[][] keys = {
            {0, 0}, {1, 0}, {0, 1}, {-1, -1}, {0x299F31D0A4093822L, 0x0370734413198A2EL}
        };
        return each(
                NUMBERS,
                keys,
                (dtype, key) -> {
                    List<OpCase> cases = new ArrayList<>();
                    for (Shape shape : SHAPES) {
                        cases.add(
                                new OpCase(
                                        "random",
                                        List.of(),
                                        shape,
                                        dtype,
                                        0,
                                        false,
                                        (backend, in, out) -> backend.random(key[0], key[1], out)));
                    }
                    return cases;
                });
    }

    @TestFactory
    Stream<DynamicTest> memoryRoundTrip() {
        return Stream.of(DType.values())
                .map(dtype ->
                        dynamicTest(
                                dtype.toString(),
                                () -> {
                                    for (long count : new long[] {0, 1, 15, 16, 17, 1031}) {
                                        Storage storage = backend().allocate(dtype, count);
                                        MemorySegment given = Values.MIXED.make(dtype, count, 17);
                                        try (Arena arena = Arena.ofConfined()) {
                                            // off the heap and at an odd address on the way out
                                            MemorySegment returned =
                                                    arena.allocate(given.byteSize() + 9, 8)
                                                            .asSlice(1, given.byteSize());

                                            backend().upload(given, storage);
                                            backend().download(storage, returned);

                                            assertArrayEquals(bytes(given), bytes(returned));
                                        }
                                        assertEquals(dtype, storage.dtype());
                                        assertEquals(count, storage.elementCount());
                                        storage.release("the test");
                                    }
                                }));
    }

    private static byte[] bytes(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void storagesKnowTheirBackendAndAreReleasedOnce() {
        Storage storage = backend().allocate(DType.FLOAT32, 3);

        storage.release("first");
        storage.release("second");

        assertEquals(backend(), storage.backend());
        assertEquals("first", storage.releasedBy().orElseThrow());
    }

    @Test
    void itHasANameAndWaitsForWhatItDoes() {
        backend().synchronize();

        assertTrue(backend().name().matches("[a-z][a-z0-9]*"), backend().name());
    }

    /// The cases of one dtype and one variant.
    @FunctionalInterface
    private interface Cases<V> {
        List<OpCase> of(DType dtype, V variant);
    }

    private <V> Stream<DynamicTest> each(List<DType> dtypes, V[] variants, Cases<V> cases) {
        List<DynamicTest> tests = new ArrayList<>();
        for (DType dtype : dtypes) {
            for (V variant : variants) {
                tests.add(
                        dynamicTest(
                                name(variant) + " " + dtype,
                                () -> {
                                    for (OpCase one : cases.of(dtype, variant)) {
                                        one.check(backend());
                                    }
                                }));
            }
        }
        return tests.stream();
    }

    private static String name(Object variant) {
        return switch (variant) {
            case int[] sizes -> Arrays.toString(sizes);
            case long[] numbers -> Arrays.toString(numbers);
            default -> variant.toString();
        };
    }
}
