package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// What every backend must do: each primitive on sizes around the vector width, on all layouts and
/// special values, against the [ReferenceBackend]; and the layout of an input must not change a bit
/// of the result.
///
/// ```java
/// class CpuConformanceTest extends BackendConformance {
///     @Override protected Backend backend() { return Device.cpu().backend(); }
/// }
/// ```
public abstract class BackendConformance {
    private static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);
    private static final List<DType> WIDE = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);
    private static final List<DType> INTEGERS = List.of(DType.INT64, DType.INT32, DType.UINT8);
    private static final List<DType> COMPUTED =
            List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32, DType.UINT8);
    private static final List<DType> ALL = List.of(DType.values());

    /// For subclasses.
    protected BackendConformance() {}

    /// {@return the backend under test, always the same}
    protected abstract Backend backend();

    /// {@return the backend that storages belong to} It is the one under test, unless that is a cover of it.
    protected Backend owner() {
        return backend();
    }

    /// {@return whether a product of transposed matrices has the bits of that of their copies} So it is, unless the
    /// library of a device's maker computes it.
    protected boolean layoutsOfProductsKeepBits() {
        return true;
    }

    @Test
    void everyMethodOfTheContractHasItsCasesHere() {
        Set<String> tested = new TreeSet<>();
        tested.addAll(
                List.of("unary", "binary", "where", "reduce", "matMul", "contract", "gather"));
        tested.addAll(List.of("scatterAdd", "cumSum", "position", "argSort"));
        tested.addAll(List.of("cast", "copy", "fill", "random", "upload", "download", "allocate"));
        tested.addAll(List.of("name", "synchronize", "run", "capture"));

        Set<String> contract = new TreeSet<>();
        for (Method method : Backend.class.getMethods()) {
            contract.add(method.getName());
        }

        assertEquals(contract, tested);
    }

    @TestFactory
    Stream<DynamicTest> unary() {
        return each(FLOATS, UnaryOp.values(), ElementwiseCases::unary);
    }

    @TestFactory
    Stream<DynamicTest> binary() {
        return ALL.stream()
                .flatMap(dtype -> {
                    BinaryOp[] defined =
                            Arrays.stream(BinaryOp.values())
                                    .filter(op -> op.isDefinedOn(dtype))
                                    .toArray(BinaryOp[]::new);
                    return each(List.of(dtype), defined, ElementwiseCases::binary);
                });
    }

    @TestFactory
    Stream<DynamicTest> where() {
        return each(ALL, new String[] {"where"}, (dtype, _) -> ElementwiseCases.where(dtype));
    }

    @TestFactory
    Stream<DynamicTest> cast() {
        return each(ALL, DType.values(), ElementwiseCases::cast);
    }

    @TestFactory
    Stream<DynamicTest> reduce() {
        return ALL.stream()
                .flatMap(dtype -> {
                    ReduceOp[] defined =
                            Arrays.stream(ReduceOp.values())
                                    .filter(op -> op.isDefinedOn(dtype))
                                    .toArray(ReduceOp[]::new);
                    return each(List.of(dtype), defined, SumCases::reduce);
                });
    }

    @TestFactory
    Stream<DynamicTest> cumSum() {
        return each(WIDE, Arrangement.values(), AxisCases::cumSum);
    }

    @TestFactory
    Stream<DynamicTest> position() {
        return each(COMPUTED, PositionOp.values(), AxisCases::position);
    }

    @TestFactory
    Stream<DynamicTest> argSort() {
        return each(COMPUTED, SortOrder.values(), AxisCases::argSort);
    }

    @TestFactory
    Stream<DynamicTest> run() {
        return ProgramCases.all()
                .map(one -> dynamicTest(one.toString(), () -> one.check(backend())));
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
        return each(FLOATS, sizes, SumCases::matMul, layoutsOfProductsKeepBits());
    }

    @TestFactory
    Stream<DynamicTest> contract() {
        String[] equations = {
            "ik,kj->ij",
            "ki,jk->ji",
            "iak,kaj->jai",
            "abkl,lkc->acb",
            "aikl,blkj->jbia",
            "bia,bka->baki",
            "i,j->ij",
            "k,k->",
            "i,i->i",
            "iz,zj->ij",
            "zk,kj->zj"
        };
        return each(FLOATS, equations, SumCases::contract, layoutsOfProductsKeepBits());
    }

    @TestFactory
    Stream<DynamicTest> gather() {
        return each(ALL, Arrangement.values(), PlaceCases::gather);
    }

    @TestFactory
    Stream<DynamicTest> scatterAdd() {
        return each(COMPUTED, Arrangement.values(), PlaceCases::scatterAdd);
    }

    @TestFactory
    Stream<DynamicTest> copy() {
        return each(ALL, Arrangement.values(), PlaceCases::copy);
    }

    @TestFactory
    Stream<DynamicTest> fill() {
        return each(ALL, Arrangement.WRITABLE.toArray(new Arrangement[0]), PlaceCases::fill);
    }

    @TestFactory
    Stream<DynamicTest> random() {
        long[][] keys = {
            {0, 0}, {1, 0}, {0, 1}, {-1, -1}, {0x299F31D0A4093822L, 0x0370734413198A2EL}
        };
        return each(WIDE, keys, PlaceCases::random);
    }

    @TestFactory
    Stream<DynamicTest> integersAreNotDividedByZero() {
        return INTEGERS.stream()
                .map(dtype -> dynamicTest(dtype.toString(), () -> divisionByZero(dtype)));
    }

    private void divisionByZero(DType dtype) {
        Operand a = Given.integers(dtype, Shape.of(3), 1, 2, 3).on(backend());
        Operand b = Given.integers(dtype, Shape.of(3), 1, 0, 3).on(backend());
        Operand out = Given.integers(dtype, Shape.of(3), 0, 0, 0).on(backend());

        var error =
                assertThrows(
                        ArithmeticException.class, () -> backend().binary(BinaryOp.DIV, a, b, out));

        assertEquals(
                "div: " + dtype + " is divided by 0; compare with 0 first", error.getMessage());
    }

    @Test
    void aPositionOutsideOfTheAxisIsAnErrorWithIndexAxisAndSize() {
        Given x =
                Given.of(Values.ORDINARY, DType.FLOAT32, Shape.of(2, 4), Arrangement.CONTIGUOUS, 1);
        for (long position : new long[] {4, -1}) {
            Given index = Given.index(Shape.of(2, 1), 0, position);
            Operand at = index.on(backend());
            Operand few =
                    Given.of(
                                    Values.ORDINARY,
                                    DType.FLOAT32,
                                    Shape.of(2, 1),
                                    Arrangement.CONTIGUOUS,
                                    2)
                            .on(backend());
            Operand many = x.on(backend());

            var gather =
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> backend().gather(many, at, 1, few));
            var scatter =
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> backend().scatterAdd(at, few, 1, many));

            String message =
                    "index " + position + " is outside axis 1 of [2, 4], which has 4 elements";
            assertEquals(message, gather.getMessage());
            assertEquals(message, scatter.getMessage());
        }
    }

    @TestFactory
    Stream<DynamicTest> memoryRoundTrip() {
        return ALL.stream()
                .map(dtype -> dynamicTest(dtype.toString(), () -> memoryRoundTrip(dtype)));
    }

    private void memoryRoundTrip(DType dtype) {
        for (long count : new long[] {0, 1, 15, 16, 17, 1031}) {
            Storage storage = backend().allocate(dtype, count);
            MemorySegment given = Values.MIXED.make(dtype, count, 3);
            try (Arena arena = Arena.ofConfined()) {
                // back to memory off the heap, at an odd address
                long byteSize = given.byteSize();
                MemorySegment returned = arena.allocate(byteSize + 9, 8).asSlice(1, byteSize);

                backend().upload(given, storage);
                backend().download(storage, returned);

                assertArrayEquals(
                        given.toArray(ValueLayout.JAVA_BYTE),
                        returned.toArray(ValueLayout.JAVA_BYTE));
            }
            assertEquals(dtype, storage.dtype());
            assertEquals(count, storage.elementCount());
            storage.release("the test");
        }
    }

    @Test
    void aStorageKnowsItsBackendAndIsReleasedOnce() {
        Storage storage = backend().allocate(DType.FLOAT32, 3);

        storage.release("first");
        storage.release("second");

        assertSame(owner(), storage.backend());
        assertEquals("first", storage.releasedBy().orElseThrow());
    }

    @Test
    void itHasANameAndWaitsForWhatItDoes() {
        backend().synchronize();

        assertTrue(backend().name().matches("[a-z][a-z0-9]*(:[1-9][0-9]*)?"), backend().name());
    }

    /// One test for each dtype and variant, running all its cases.
    private <V> Stream<DynamicTest> each(
            List<DType> dtypes, V[] variants, BiFunction<DType, V, List<OpCase>> cases) {
        return each(dtypes, variants, cases, true);
    }

    private <V> Stream<DynamicTest> each(
            List<DType> dtypes,
            V[] variants,
            BiFunction<DType, V, List<OpCase>> cases,
            boolean layoutsKeepBits) {
        List<DynamicTest> tests = new ArrayList<>();
        for (DType dtype : dtypes) {
            for (V variant : variants) {
                tests.add(
                        dynamicTest(
                                name(variant) + " " + dtype,
                                () ->
                                        cases.apply(dtype, variant)
                                                .forEach(one ->
                                                        one.check(backend(), layoutsKeepBits))));
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
