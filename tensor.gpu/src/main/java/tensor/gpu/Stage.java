package tensor.gpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// What is done between two folds of a program with rows: a stage goes over the row once and ends with the folds that need
/// nothing but the folds before it; the last one ends with the results. What a stage needs of single elements is computed
/// anew, since that costs less than memory.
///
/// @param singles steps whose values are one for the row, or for all, in order
/// @param elements steps whose values the folds, or the results, need of each element, in order
/// @param folds that end it; none in the last stage
record Stage(List<Integer> singles, List<Integer> elements, List<Integer> folds) {

    /// {@return the stages of a program, in order}
    static List<Stage> of(Program program) {
        List<Step> steps = program.steps();
        int[] levels = levels(steps);
        int last = 0;
        for (int level : levels) {
            last = Math.max(last, level);
        }
        List<Stage> stages = new ArrayList<>();
        for (int level = 0; level <= last; level++) {
            List<Integer> singles = new ArrayList<>();
            List<Integer> folds = new ArrayList<>();
            var needed = new BitSet();
            for (int i = 0; i < levels.length; i++) {
                if (steps.get(i) instanceof Step.Fold fold) {
                    if (levels[i] == level + 1) {
                        folds.add(i);
                        need(steps, fold.x(), needed);
                    }
                } else if (steps.get(i).extent() != Extent.ALL && levels[i] == level) {
                    singles.add(i);
                }
            }
            if (level == last) {
                for (Program.Output output : program.outputs()) {
                    need(steps, output.step(), needed);
                }
            }
            stages.add(new Stage(singles, needed.stream().boxed().toList(), folds));
        }
        return stages;
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

    /// Adds a step of single elements, and those that it takes.
    private static void need(List<Step> steps, int step, BitSet needed) {
        Step wanted = steps.get(step);
        if (wanted.extent() == Extent.ALL && !needed.get(step)) {
            needed.set(step);
            for (int taken : wanted.takes()) {
                need(steps, taken, needed);
            }
        }
    }
}
