package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Which steps of a program have a loop together. What such loops compute, the tests of programs tell.
class StretchTest {
    private static final DType TYPE = DType.FLOAT32;
    private static final Step X = new Step.Input(0, TYPE, Extent.ALL);
    private static final Step HALF = new Step.Constant(TYPE.bits(0.5), TYPE);

    @Test
    void onlyWhatIsNeededElsewhereIsWritten() {
        assertEquals(
                List.of(new Stretch(TYPE, List.of(2, 3), List.of(0), List.of(), List.of(3))),
                found(List.of(X, HALF, pair(BinaryOp.MUL, 0, 1), pair(BinaryOp.ADD, 2, 0)), 3));
    }

    @Test
    void aFoldEndsAStretchForItNeedsWholeRows() {
        List<Step> softmax =
                List.of(
                        X,
                        HALF,
                        pair(BinaryOp.MUL, 0, 1),
                        new Step.Map1(UnaryOp.EXP, 2, TYPE, Extent.ALL),
                        new Step.Fold(ReduceOp.SUM, 3, TYPE),
                        new Step.Spread(4, TYPE),
                        pair(BinaryOp.DIV, 3, 5),
                        pair(BinaryOp.ADD, 6, 0));
        assertEquals(
                List.of(
                        new Stretch(TYPE, List.of(2, 3), List.of(0), List.of(), List.of(3)),
                        new Stretch(TYPE, List.of(6, 7), List.of(3, 0), List.of(5), List.of(7))),
                found(softmax, 7));
    }

    @Test
    void aConditionStaysInTheProcessorIfAllChoicesAreThere() {
        List<Step> relu =
                List.of(
                        X,
                        HALF,
                        new Step.Map2(BinaryOp.LESS, 0, 1, DType.BOOL, Extent.ALL),
                        new Step.Where(2, 1, 0, TYPE, Extent.ALL));
        assertEquals(
                List.of(new Stretch(TYPE, List.of(2, 3), List.of(0), List.of(), List.of(3))),
                found(relu, 3));
    }

    @Test
    void aConditionThatIsAResultHasALoopOfItsOwn() {
        List<Step> steps =
                List.of(
                        X,
                        HALF,
                        new Step.Map2(BinaryOp.LESS, 0, 1, DType.BOOL, Extent.ALL),
                        new Step.Where(2, 1, 0, TYPE, Extent.ALL),
                        pair(BinaryOp.ADD, 0, 1),
                        pair(BinaryOp.MUL, 4, 0));
        assertEquals(
                List.of(new Stretch(TYPE, List.of(4, 5), List.of(0), List.of(), List.of(5))),
                found(steps, 2, 5));
    }

    @Test
    void whatIsComputedBeforehandIsRead() {
        List<Step> steps =
                List.of(
                        X,
                        new Step.Input(1, TYPE, Extent.ALL),
                        pair(BinaryOp.MUL, 0, 0),
                        pair(BinaryOp.ADD, 1, 1),
                        pair(BinaryOp.MUL, 2, 3));
        boolean[] fixed = {false, true, false, true, false};
        assertEquals(
                List.of(new Stretch(TYPE, List.of(2, 4), List.of(0, 3), List.of(), List.of(4))),
                Stretch.of(steps, List.of(new Program.Output(4, Extent.ALL)), fixed, true));
    }

    @Test
    void aLongStretchIsCut() {
        List<Step> steps =
                IntStream.range(0, 100)
                        .mapToObj(i -> i == 0 ? X : pair(BinaryOp.ADD, i - 1, 0))
                        .toList();
        List<Stretch> found = found(steps, 99);
        assertEquals(3, found.size());
        assertEquals(List.of(45), found.getFirst().writes());
    }

    @Test
    void aStretchThatTouchesMuchIsCut() {
        List<Step> steps =
                List.of(
                        X,
                        new Step.Input(1, TYPE, Extent.ALL),
                        new Step.Input(2, TYPE, Extent.ALL),
                        pair(BinaryOp.MUL, 0, 0),
                        pair(BinaryOp.ADD, 3, 1),
                        pair(BinaryOp.ADD, 4, 2),
                        pair(BinaryOp.MUL, 5, 4));
        var outputs = List.of(new Program.Output(4, Extent.ALL), new Program.Output(6, Extent.ALL));
        var whole =
                new Stretch(TYPE, List.of(3, 4, 5, 6), List.of(0, 1, 2), List.of(), List.of(4, 6));
        var first = new Stretch(TYPE, List.of(3, 4), List.of(0, 1), List.of(), List.of(4));
        var second = new Stretch(TYPE, List.of(5, 6), List.of(4, 2), List.of(), List.of(6));
        boolean[] fixed = new boolean[steps.size()];
        assertEquals(List.of(whole), Stretch.of(steps, outputs, fixed, true, 5));
        assertEquals(List.of(first, second), Stretch.of(steps, outputs, fixed, true, 4));
    }

    private static Step pair(BinaryOp op, int a, int b) {
        return new Step.Map2(op, a, b, TYPE, Extent.ALL);
    }

    private static List<Stretch> found(List<Step> steps, int... outputs) {
        return Stretch.of(
                steps,
                IntStream.of(outputs).mapToObj(i -> new Program.Output(i, Extent.ALL)).toList(),
                new boolean[steps.size()],
                true);
    }
}
