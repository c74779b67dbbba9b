package tensor.gpu;

import java.util.List;
import java.util.function.ObjIntConsumer;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;

/// The kernel of a program with rows.
///
/// It does the stages of the program (see [Stage]) one after the other.
///
/// The order in which a row is folded (see [RowFolding]) follows from its length and nothing else.
final class RowText {
    /// The most elements that a row has: longer ones are folded in parts.
    static final long LONGEST = 1 << 16;

    /// The most lanes that a row has.
    static final int MOST_LANES = 256;

    private static final int FEW_LANES = 32;

    private final Program program;
    private final StepText text;
    private final RowFolding folding;
    private final StringBuilder body = new StringBuilder();

    private RowText(Program program, RowFolding folding) {
        this.program = program;
        this.folding = folding;
        this.text = new StepText(program, "at_x%1$d + i * step_x%1$d");
    }

    /// {@return how many lanes a row has}
    static int lanes(long length) {
        return length <= FEW_LANES ? 1 : length <= FEW_LANES * FEW_LANES ? FEW_LANES : MOST_LANES;
    }

    /// {@return the text of the kernel}
    static String of(String name, Program program, int inputs, RowFolding folding) {
        return new RowText(program, folding).kernel(new ProgramText(name, program, inputs));
    }

    private String kernel(ProgramText operands) {
        List<DType> folded =
                program.steps().stream()
                        .filter(Step.Fold.class::isInstance)
                        .map(Step::dtype)
                        .distinct()
                        .toList();
        body.append(folding.head(folded));
        body.append(operands.places("row"));
        List<Stage> stages = Stage.of(program);
        for (Stage stage : stages) {
            stage.singles().forEach(step -> body.append(text.declared(step)));
            if (!stage.folds().isEmpty()) {
                fold(stage);
            }
        }
        store(stages.getLast());
        return operands.kernel(
                "GROUP_SIZE(%d) ".formatted(folding.groupSize()),
                ", LONG length, LONG lanes",
                ", LONG step_OPERAND",
                body.toString());
    }

    private void fold(Stage stage) {
        each(stage, (fold, step) -> body.append(folding.begin(step, fold)));
        eachElement(stage);
        each(stage, (fold, step) -> body.append(folding.add(step, fold)));
        line("}");
        each(stage, (fold, step) -> body.append(folding.end(step, fold)));
    }

    private void each(Stage stage, ObjIntConsumer<Step.Fold> body) {
        stage.folds().forEach(step -> body.accept((Step.Fold) program.steps().get(step), step));
    }

    private void store(Stage stage) {
        line("if (exists) {");
        for (int i = 0; i < program.outputs().size(); i++) {
            Program.Output output = program.outputs().get(i);
            if (output.extent() == Extent.ROW) {
                line("if (lane == 0) {");
                line("y%d[at_y%d] = v%d;".formatted(i, i, output.step()));
                line("}");
            }
        }
        if (program.outputs().stream().anyMatch(output -> output.extent() == Extent.ALL)) {
            eachElement(stage);
            for (int i = 0; i < program.outputs().size(); i++) {
                Program.Output output = program.outputs().get(i);
                if (output.extent() == Extent.ALL) {
                    line("y%d[at_y%d + i * step_y%d] = v%d;".formatted(i, i, i, output.step()));
                }
            }
            line("}");
        }
        line("}");
    }

    /// Begins a loop over the elements of the row, with those of their values that a stage needs.
    private void eachElement(Stage stage) {
        body.append(folding.loop());
        stage.elements().forEach(step -> body.append(text.declared(step)));
    }

    /// {@return what changes nothing: a sum begins with −0, so that a sum of nothing but −0 is −0}
    static String neutral(ReduceOp op, DType dtype) {
        return StepText.constant(neutralBits(op, dtype), dtype);
    }

    /// {@return the same as bits}
    static long neutralBits(ReduceOp op, DType dtype) {
        return dtype.bits(op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY);
    }

    private void line(String text) {
        body.append(text).append('\n');
    }
}
