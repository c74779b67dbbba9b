package tensor.gpu;

import java.util.BitSet;
import java.util.List;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.ReduceOp;
import tensor.spi.Step;

/// The kernel of a program with rows: some threads for each row, a power of two that is an argument.
///
/// The folds cut the program into stages: a stage goes over the row once and ends with the folds that need nothing but the
/// folds before it. What a stage needs of single elements is computed anew, since that costs less than memory.
///
/// **Order.** Thread `t` of `n` folds the elements `t`, `t + n`, … in order, and the threads' results are folded in halves:
/// by the length of a row and by nothing else.
final class RowText {
    /// The most elements that a row has: longer ones are folded in parts.
    static final long LONGEST = 1 << 16;

    private final Program program;
    private final StepText text;
    private final int[] levels;
    private final StringBuilder body = new StringBuilder();

    private RowText(Program program) {
        this.program = program;
        this.text = new StepText(program, "at_x%1$d + i * step_x%1$d");
        this.levels = levels(program.steps());
    }

    /// {@return how many threads work on a row}
    static int threads(long length) {
        return length <= 32 ? 1 : length <= 1024 ? 32 : Kernels.GROUP;
    }

    static KernelText of(Program program, int inputs) {
        return new RowText(program).kernel(new ProgramText(program, inputs));
    }

    private KernelText kernel(ProgramText operands) {
        int group = Kernels.GROUP;
        List<DType> folded =
                program.steps().stream()
                        .filter(Step.Fold.class::isInstance)
                        .map(Step::dtype)
                        .distinct()
                        .toList();
        folded.forEach(dtype -> line("SHARED %1$s of_%1$s[%2$d];".formatted(dtype.name(), group)));
        line("INT lane = LOCAL_ID & (INT)(threads - 1);");
        line("LONG row = ITEM_ID / threads;");
        line("INT exists = row < domain.count;");
        line("row = exists ? row : 0;"); // it goes on, for others wait for it
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
                "GROUP_SIZE(%d) ".formatted(group),
                ", LONG length, LONG threads",
                ", LONG step_NAME",
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
        var needed = new BitSet();
        for (int i = 0; i < levels.length; i++) {
            if (program.steps().get(i) instanceof Step.Fold fold && levels[i] == level) {
                line("%s v%d = %s;".formatted(fold.dtype().name(), i, identity(fold)));
                need(fold.x(), needed);
            }
        }
        eachElement(needed);
        for (int i = 0; i < levels.length; i++) {
            if (program.steps().get(i) instanceof Step.Fold fold && levels[i] == level) {
                line("v%d = %s(v%d, v%d);".formatted(i, pairwise(fold), i, fold.x()));
            }
        }
        line("}");
        for (int i = 0; i < levels.length; i++) {
            if (program.steps().get(i) instanceof Step.Fold fold && levels[i] == level) {
                foldInHalves(i, fold);
            }
        }
    }

    private void foldInHalves(int step, Step.Fold fold) {
        String shared = "of_" + fold.dtype().name();
        line("%s[LOCAL_ID] = v%d;".formatted(shared, step));
        line("BARRIER();");
        line("for (INT half_way = (INT)threads / 2; half_way > 0; half_way /= 2) {");
        line("if (lane < half_way) {");
        line(
                "%1$s[LOCAL_ID] = %2$s(%1$s[LOCAL_ID], %1$s[LOCAL_ID + half_way]);"
                        .formatted(shared, pairwise(fold)));
        line("}");
        line("BARRIER();");
        line("}");
        line("v%d = %s[LOCAL_ID - lane];".formatted(step, shared));
        line("BARRIER();"); // before the next fold writes there
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
        line("for (LONG i = lane; i < length; i += threads) {");
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

    private static String pairwise(Step.Fold fold) {
        return "%s_%s".formatted(fold.op().pairwise().name(), fold.dtype().name());
    }

    /// {@return what changes nothing: a sum begins with −0, so that a sum of nothing but −0 is −0}
    private static String identity(Step.Fold fold) {
        return identity(fold.op(), fold.dtype());
    }

    /// {@return the neutral element of an operator}
    static String identity(ReduceOp op, DType dtype) {
        double number = op == ReduceOp.SUM ? -0.0 : Double.NEGATIVE_INFINITY;
        return StepText.constant(dtype.bits(number), dtype);
    }

    private void line(String text) {
        body.append(text).append('\n');
    }
}
