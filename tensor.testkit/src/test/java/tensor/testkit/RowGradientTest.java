package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.RowGradient;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

@ExtendWith(OnReference.class)
class RowGradientTest {
    private final Parameter table = Parameter.of(Shape.of(4, 2));

    @BeforeEach
    void aSmallTable() {
        table.assign(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, Shape.of(4, 2)));
        table.rowSparse(true);
    }

    private Tensor lookup(long... index) {
        return table.value().indexSelect(0, Tensor.of(index));
    }

    private void assertRows(long[] rows, float... values) {
        RowGradient gradient = table.rowGrad().orElseThrow();
        assertArrayEquals(rows, gradient.rows().toLongs());
        assertArrayEquals(values, gradient.values().toFloats());
        assertArrayEquals(values, table.gradValues().orElseThrow().toFloats());
    }

    @Test
    void whatIsLookedUpGetsAGradientOfItsRows() {
        lookup(3, 1, 3).mul(Tensor.of(new float[] {1, 2, 4}, Shape.of(3, 1))).sum().backward();

        assertRows(new long[] {1, 3}, 2, 2, 5, 5);
        assertArrayEquals(
                new float[] {0, 0, 2, 2, 0, 0, 5, 5}, table.grad().orElseThrow().toFloats());
        assertEquals("RowGradient [2, 2] float32", table.rowGrad().orElseThrow().toString());
    }

    @Test
    void severalLookUpsAndSeveralPassesAddUp() {
        lookup(2).mul(3).sum().add(lookup(0, 2).sum()).backward();
        assertRows(new long[] {0, 2}, 1, 1, 4, 4);

        lookup(1, 2).mul(2).sum().backward();
        assertRows(new long[] {0, 1, 2}, 1, 1, 2, 2, 6, 6);

        table.mapGrad(gradient -> gradient.div(2));
        assertRows(new long[] {0, 1, 2}, 0.5f, 0.5f, 1, 1, 3, 3);

        table.zeroGrad();
        assertTrue(table.rowGrad().isEmpty());
        assertTrue(table.grad().isEmpty());
        assertTrue(table.gradValues().isEmpty());
    }

    @Test
    void aTableThatIsUsedInAnotherWayTooHasAGradientOfAllElements() {
        lookup(0).sum().add(table.value().mul(2).sum()).backward();

        assertTrue(table.rowGrad().isEmpty());
        assertArrayEquals(
                new float[] {3, 3, 2, 2, 2, 2, 2, 2}, table.grad().orElseThrow().toFloats());

        lookup(3).sum().backward();
        assertTrue(table.rowGrad().isEmpty());
        assertArrayEquals(
                new float[] {3, 3, 2, 2, 2, 2, 3, 3}, table.grad().orElseThrow().toFloats());
    }

    @Test
    void aGradientOfAllElementsTakesInOneOfRows() {
        lookup(1).sum().backward();
        table.value().sum().backward();

        assertTrue(table.rowGrad().isEmpty());
        assertArrayEquals(
                new float[] {1, 1, 2, 2, 1, 1, 1, 1}, table.grad().orElseThrow().toFloats());
    }

    @Test
    void elementsThatAreNoWholeRowsHaveAGradientOfAllElements() {
        Tensor crossed = Tensor.of(new long[] {0, 3}, Shape.of(1, 2));

        table.value().gather(0, crossed).sum().backward();

        assertTrue(table.rowGrad().isEmpty());
        assertArrayEquals(
                new float[] {1, 0, 0, 0, 0, 0, 0, 1}, table.grad().orElseThrow().toFloats());

        table.zeroGrad();
        Tensor narrow = Tensor.of(new long[] {2}, Shape.of(1, 1));
        table.value().gather(0, narrow).sum().backward();
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 1, 0, 0, 0}, table.grad().orElseThrow().toFloats());
    }

    @Test
    void gradientsAsValuesDoNotLookAtIt() {
        Tensor gradient = Gradients.of(lookup(2).sum(), List.of(table)).getFirst();

        assertArrayEquals(new float[] {0, 0, 0, 0, 1, 1, 0, 0}, gradient.toFloats());
        assertTrue(table.grad().isEmpty());
    }

    @Test
    void nothingLookedUpIsAGradientWithoutRows() {
        table.value().indexSelect(0, Tensor.of(new long[0])).sum().backward();

        assertRows(new long[0]);
    }

    @Test
    void itOutlivesTheScopeInWhichItWasMade() {
        TensorScope.run("first", () -> lookup(3, 0).sum().backward());
        TensorScope.run("second", () -> lookup(0).sum().backward());
        TensorScope.run("third", () -> table.mapGrad(gradient -> gradient.mul(2)));

        assertRows(new long[] {0, 3}, 4, 4, 2, 2);
    }

    @Test
    void rowsAreReplacedInPlaceAndWhatSawThemBeforeIsOutOfDate() {
        Tensor before = table.value();
        Tensor view = before.select(0, 0);
        Tensor copy = before.detach().copy();

        table.assignRows(Tensor.of(2L, 0), Tensor.of(new float[] {50, 60, 10, 20}, Shape.of(2, 2)));

        assertArrayEquals(new float[] {10, 20, 3, 4, 50, 60, 7, 8}, table.value().toFloats());
        assertTrue(table.value().tracked());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, copy.toFloats());
        for (Executable use :
                new Executable[] {
                    before::toFloats,
                    view::toFloats,
                    () -> before.detach().mul(2),
                    () -> before.requireGradient().mul(2)
                }) {
            assertThrows(IllegalStateException.class, use);
        }
        assertEquals(
                "Tensor [4, 2] float32 is out of date: its memory was overwritten, by the step of an optimizer of row-sparse parameters or the next call of a Captured; copy() what is needed afterwards",
                assertThrows(IllegalStateException.class, before::toFloats).getMessage());
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingIsReplaced() {
        Tensor one = Tensor.zeros(Shape.of(1, 2));
        Tensor rows = Tensor.of(0L);

        refused(
                "overwriteRows: there is no row 4 in [4, 2]; rows are 0 to 3",
                IndexOutOfBoundsException.class,
                () -> table.assignRows(Tensor.of(0L, 4), Tensor.zeros(Shape.of(2, 2))));
        refused(
                "overwriteRows: rows [1] and values [2, 2]; they need [k] and [k, ..]",
                ShapeException.class,
                () -> table.assignRows(rows, Tensor.zeros(Shape.of(2, 2))));
        refused(
                "overwriteRows: values [1, 3] are no rows of [4, 2]",
                ShapeException.class,
                () -> table.assignRows(rows, Tensor.zeros(Shape.of(1, 3))));
        refused(
                "overwriteRows: float32 and float64 do not mix; cast one of them",
                IllegalArgumentException.class,
                () -> table.assignRows(rows, Tensor.of(new double[2], Shape.of(1, 2))));
        refused(
                "RowGradient: the rows are float32; they are int64",
                IllegalArgumentException.class,
                () -> RowGradient.of(Tensor.of(0f), one));
        refused(
                "Parameter.rowGrad: the parameter is [4, 2], the rows [1, 3]",
                ShapeException.class,
                () -> table.rowGrad(RowGradient.of(rows, Tensor.zeros(Shape.of(1, 3)))));
        refused(
                "Parameter.accumulate: the parameter is float32, the tensor float64; cast it",
                IllegalArgumentException.class,
                () ->
                        table.accumulate(
                                RowGradient.of(rows, Tensor.of(new double[2], Shape.of(1, 2)))));
        refused(
                "Parameter [4, 2] has no value yet; call initialize(key) on its module or assign one",
                IllegalStateException.class,
                () -> Parameter.of(Shape.of(4, 2)).assignRows(rows, one));

        assertFalse(table.grad().isPresent());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, table.value().toFloats());
    }

    private static void refused(
            String message, Class<? extends RuntimeException> type, Executable call) {
        assertEquals(message, assertThrows(type, call).getMessage());
    }
}
