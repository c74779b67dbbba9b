package tensor.gpu;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;

/// The kernel of a program with rows.
///
/// The folds cut the program into stages: a stage goes over the row once and ends with the folds that need nothing but the
/// folds before it. What a stage needs of single elements is computed anew, since that costs less than memory.
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
    private final int[] levels;
    private final StringBuilder body = new StringBuilder();

    private RowText(Program program, RowFolding folding) {
        this.program = program;
        this.folding = folding;
        this.text = new StepText(program, "at_x%1$d + i * step_x%1$d");
        this.levels = levels(program.steps());
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
        int last = 0;
        for (int level : levels) {
            last = Math.max(last, level);
        }
        for (int level = 0; level <= last; level++) {
            rows(level);
            if (level < last) {
                fold(level + 1);
            }
        }
        store();
        return operands.kernel(
                "GROUP_SIZE(%d) ".formatted(folding.groupSize()),
                ", LONG length, LONG lanes",
                ", LONG step_OPERAND",
                body.toString());
    }

    /// For each step, how many folds stand one after the other before its value is there.
    private static int[] levels(List<Step> steps) {
        int[] levels = new int[steps.size()];
        for (int i = 0; i < levels.length; i++) {
            for (int taken : steps.get(i).takes()) {
                levels[i] = Math.max(levels[i], levels[taken]);
            }
            levels[i] += steps.get(i) instanceof Step.Fold ? 1 : 0;
        }
        return levels;
    }

    /// The values of this level that are one for the row, or for all.
    private void rows(int level) {
        for (int i = 0; i < levels.length; i++) {
            Step step = program.steps().get(i);
            boolean single = step.extent() != Extent.ALL && !(step instanceof Step.Fold);
            if (single && levels[i] == level) {
                body.append(text.declared(i));
            }
        }
    }

    /// The folds of this level: a stage.
    private void fold(int level) {
        Map<Integer, Step.Fold> folds = new TreeMap<>();
        var needed = new BitSet();
        for (int i = 0; i < levels.length; i++) {
            if (program.steps().get(i) instanceof Step.Fold fold && levels[i] == level) {
                folds.put(i, fold);
                need(fold.x(), needed);
            }
        }
        folds.forEach((step, fold) -> body.append(folding.begin(step, fold)));
        eachElement(needed);
        folds.forEach((step, fold) -> body.append(folding.add(step, fold)));
        line("}");
        folds.forEach((step, fold) -> body.append(folding.end(step, fold)));
    }

    private void store() {
        var needed = new BitSet();
        line("if (exists) {");
        for (int i = 0; i < program.outputs().size(); i++) {
            Program.Output output = program.outputs().get(i);
            if (output.extent() == Extent.ROW) {
                line("if (lane == 0) {");
                line("y%d[at_y%d] = v%d;".formatted(i, i, output.step()));
                line("}");
            } else {
                need(output.step(), needed);
            }
        }
        if (program.outputs().stream().anyMatch(output -> output.extent() == Extent.ALL)) {
            eachElement(needed);
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

    /// Begins a loop over the elements of the row, with some of their values.
    private void eachElement(BitSet needed) {
        body.append(folding.loop());
        needed.stream().forEach(step -> body.append(text.declared(step)));
    }

    /// Adds a step of single elements, and those that it takes.
    private void need(int step, BitSet needed) {
        Step wanted = program.steps().get(step);
        if (wanted.extent() == Extent.ALL && !needed.get(step)) {
            needed.set(step);
            for (int taken : wanted.takes()) {
                need(taken, needed);
            }
        }
    }

    /// {@return what changes nothing: a sum begins with −0, so that a sum of nothing but −0 is −0}
    static String neutral(ReduceOp op, DType dtype) {
        double number = op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY;
        return StepText.constant(dtype.bits(number), dtype);
    }

    private void line(String text) {
        body.append(text).append('\n');
    }
}
