package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.AssertionFailedError;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.UnaryOp;

/// Conformance is worth what it catches: each planted fault makes the tests of its primitive fail.
class PlantedFaultsTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedFaultIsFound(FaultyBackend.Fault fault) {
        assertThrows(AssertionFailedError.class, () -> runAll(testsOf(fault), fault));
    }

    @Test
    void theMessageNamesOperationLayoutsElementAndDistance() {
        Given x =
                new Given(
                        DType.FLOAT32,
                        Values.memory(DType.FLOAT32, 2),
                        Layout.contiguous(Shape.of(2)));
        OpCase one =
                OpCase.of("EXP", Shape.of(2), DType.FLOAT32, x)
                        .within(2)
                        .by((backend, in, out) -> backend.unary(UnaryOp.EXP, in.getFirst(), out));

        var error =
                assertThrows(
                        AssertionFailedError.class,
                        () ->
                                one.check(
                                        new FaultyBackend(
                                                FaultyBackend.Fault.EXP_IS_FIVE_ULP_OFF)));

        assertEquals(
                "EXP of [float32 [2] strides [1] offset 0]: element 0 of [2] is 1.0000005960464478, expected 1.0:"
                        + " 5.0 ulp, allowed 2.0",
                error.getMessage());
    }

    /// The test factories that must notice.
    private static Function<BackendConformance, Stream<DynamicTest>> testsOf(
            FaultyBackend.Fault fault) {
        return switch (fault) {
            case NONE -> _ -> Stream.empty();
            case TANH_DROPS_THE_SIGN_OF_ZERO, EXP_IS_FIVE_ULP_OFF -> BackendConformance::unary;
            case MAX_FORGETS_NAN, ADD_READS_STRIDED_INPUT_AS_DENSE -> BackendConformance::binary;
            case WHERE_EXCHANGES_ITS_INPUTS -> BackendConformance::where;
            case SUM_LOSES_THE_LAST_ELEMENT, REDUCED_MAX_STARTS_AT_ZERO ->
                    BackendConformance::reduce;
            case CUM_SUM_FORGETS_THE_LAST -> BackendConformance::cumSum;
            case POSITION_IS_THAT_OF_THE_LAST -> BackendConformance::position;
            case SORT_TURNS_EQUAL_ELEMENTS -> BackendConformance::argSort;
            case MAT_MUL_IGNORES_THE_STACK -> BackendConformance::matMul;
            case GATHER_TAKES_THE_FIRST_AXIS -> BackendConformance::gather;
            case SCATTER_ADD_OVERWRITES -> BackendConformance::scatterAdd;
            case CAST_ROUNDS_INSTEAD_OF_TRUNCATING, CAST_TO_TWO_BYTES_ROUNDS_TWICE ->
                    BackendConformance::cast;
            case COPY_WRITES_BETWEEN_THE_ELEMENTS -> BackendConformance::copy;
            case FILL_ROUNDS_TO_INTEGERS -> BackendConformance::fill;
            case RANDOM_IGNORES_THE_STREAM -> BackendConformance::random;
            case UPLOAD_SKIPS_A_BYTE -> BackendConformance::memoryRoundTrip;
            case PROGRAM_IS_A_LITTLE_OFF -> BackendConformance::run;
        };
    }

    private static void runAll(
            Function<BackendConformance, Stream<DynamicTest>> tests, FaultyBackend.Fault fault)
            throws Throwable {
        Backend backend = new FaultyBackend(fault);
        BackendConformance conformance =
                new BackendConformance() {
                    @Override
                    protected Backend backend() {
                        return backend;
                    }
                };
        List<DynamicTest> all = tests.apply(conformance).toList();
        for (DynamicTest test : all) {
            test.getExecutable().execute();
        }
    }
}
