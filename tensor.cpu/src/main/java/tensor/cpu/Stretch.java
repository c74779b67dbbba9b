package tensor.cpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// Steps of a program that one loop computes, element by element: what lies between them stays in registers of the processor.
///
/// They follow one another, but for inputs, constants and what is the same in all blocks, which are there before.
///
/// @param dtype of all numbers: float32 or float64
/// @param members the steps, in order, at least two, or one that takes spreads
/// @param reads other steps that they take, without constants
/// @param spreads the [Step.Spread]s that they take, whose numbers are read once for each row
/// @param writes those of them whose values are needed elsewhere
record Stretch(
        DType dtype,
        List<Integer> members,
        List<Integer> reads,
        List<Integer> spreads,
        List<Integer> writes) {
    /// What a loop may cost. Beyond its budget the compiler leaves calls of the Vector API as calls, and makes objects of vectors for
    /// them; seen with `exp` twice, so two functions never share a loop.
    private static final int MOST = 90;

    /// How many values a loop may read and write where vectors have one lane. What checks the bounds of segments takes most of the
    /// compiler's budget then; with 14 it was seen to leave the last operations as calls.
    private static final int MOST_TOUCHED = 12;

    /// {@return the last step, after which the values are there}
    int end() {
        return members.getLast();
    }

    /// {@return the stretches of a program, in order}
    ///
    /// @param fixed steps that are computed beforehand
    /// @param byRows whether loops may go row by row, so that a number is repeated for a row without being written down
    static List<Stretch> of(
            List<Step> steps, List<Program.Output> outputs, boolean[] fixed, boolean byRows) {
        boolean isOneLane = Loops.species(DType.FLOAT32).length() == 1;
        return of(steps, outputs, fixed, byRows, isOneLane ? MOST_TOUCHED : Integer.MAX_VALUE);
    }

    /// Apart from the number of lanes, for tests.
    ///
    /// @param mostTouched how many values a stretch reads and writes at most, if it has two steps
    static List<Stretch> of(
            List<Step> steps,
            List<Program.Output> outputs,
            boolean[] fixed,
            boolean byRows,
            int mostTouched) {
        BitSet spread = new BitSet();
        for (int i = 0; i < fixed.length; i++) {
            spread.set(i, byRows && !fixed[i] && isSpread(steps.get(i)));
        }
        var uses = new Uses(steps, outputs);
        var alone = new BitSet();
        while (true) {
            List<List<Integer>> groups =
                    groups(steps, fixed, spread, alone).stream()
                            .flatMap(group -> cut(steps, group, spread, uses, mostTouched))
                            .toList();
            int found = strayCondition(steps, groups, uses);
            if (found < 0) {
                return groups.stream()
                        .map(group -> stretch(steps, group, spread, uses))
                        .flatMap(Optional::stream)
                        .toList();
            }
            alone.set(found);
        }
    }

    private static List<List<Integer>> groups(
            List<Step> steps, boolean[] fixed, BitSet spread, BitSet alone) {
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> group = new ArrayList<>();
        int cost = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (fixed[i]
                    || step instanceof Step.Input
                    || step instanceof Step.Constant
                    || spread.get(i)) {
                continue;
            }
            boolean fits = isElementwise(steps, i) && !alone.get(i);
            if (!fits || !joins(steps, group, i) || cost + cost(step) > MOST) {
                groups.add(group);
                group = new ArrayList<>();
                cost = 0;
            }
            if (fits && joins(steps, group, i)) {
                group.add(i);
                cost += cost(step);
            }
        }
        groups.add(group);
        return groups;
    }

    /// Halves a group until each part touches few values.
    private static Stream<List<Integer>> cut(
            List<Step> steps, List<Integer> group, BitSet spread, Uses uses, int mostTouched) {
        int touched = stretch(steps, group, spread, uses).map(Stretch::touched).orElse(0);
        if (touched <= mostTouched || group.size() == 1) {
            return Stream.of(group);
        }
        int half = group.size() / 2;
        return Stream.of(group.subList(0, half), group.subList(half, group.size()))
                .flatMap(part -> cut(steps, part, spread, uses, mostTouched));
    }

    private int touched() {
        return reads.size() + spreads.size() + writes.size();
    }

    private static boolean isElementwise(List<Step> steps, int i) {
        Step step = steps.get(i);
        return step.extent() == Extent.ALL
                && dtype(steps, step).isFloating()
                && !dtype(steps, step).isStorageOnly()
                && switch (step) {
                    case Step.Map1 map -> map.op() != UnaryOp.SIN && map.op() != UnaryOp.COS;
                    case Step.Map2 map -> map.op() != BinaryOp.POW;
                    case Step.Where _ -> true;
                    default -> false;
                };
    }

    /// {@return the type that a step computes with; that of a comparison is the one of its operands}
    private static DType dtype(List<Step> steps, Step step) {
        return step instanceof Step.Map2 map ? steps.get(map.a()).dtype() : step.dtype();
    }

    private static boolean joins(List<Step> steps, List<Integer> group, int i) {
        Step step = steps.get(i);
        boolean sameType =
                group.isEmpty() || dtype(steps, steps.get(group.getFirst())) == dtype(steps, step);
        return sameType
                && !(step instanceof Step.Where where && !group.contains(where.condition()));
    }

    /// {@return about how much of the budget a step takes}
    private static int cost(Step step) {
        return step instanceof Step.Map1 map
                ? switch (map.op()) {
                    case NEG, SQRT -> 2;
                    case EXP -> 50;
                    case LOG, EXPM1 -> 60;
                    case TANH -> 70;
                    case ERF -> 82;
                    case LOG1P -> 90;
                    case SIN, COS -> MOST;
                }
                : 2;
    }

    /// {@return a comparison that is needed outside of its group, where it would have to be bytes; -1 if there is none}
    private static int strayCondition(List<Step> steps, List<List<Integer>> groups, Uses uses) {
        for (List<Integer> group : groups) {
            for (int i : group) {
                if (steps.get(i).dtype() == DType.BOOL && uses.reach(i, group)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /// {@return the stretch of a group, if it is worth while}
    private static Optional<Stretch> stretch(
            List<Step> steps, List<Integer> group, BitSet spread, Uses uses) {
        Set<Integer> reads = new LinkedHashSet<>();
        Set<Integer> spreads = new LinkedHashSet<>();
        for (int i : group) {
            for (int taken : steps.get(i).takes()) {
                if (spread.get(taken)) {
                    spreads.add(taken);
                } else if (!group.contains(taken) && !(steps.get(taken) instanceof Step.Constant)) {
                    reads.add(taken);
                }
            }
        }
        if (group.size() < 2 && spreads.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Stretch(
                        dtype(steps, steps.get(group.getFirst())),
                        List.copyOf(group),
                        List.copyOf(reads),
                        List.copyOf(spreads),
                        group.stream().filter(i -> uses.reach(i, group)).toList()));
    }

    private static boolean isSpread(Step step) {
        return step instanceof Step.Spread
                && step.dtype().isFloating()
                && !step.dtype().isStorageOnly();
    }

    /// Who takes what.
    private record Uses(List<Step> steps, List<Program.Output> outputs) {
        /// {@return whether a value is needed outside of some steps}
        boolean reach(int value, List<Integer> group) {
            for (Program.Output output : outputs) {
                if (output.step() == value) {
                    return true;
                }
            }
            for (int i = value + 1; i < steps.size(); i++) {
                if (!group.contains(i)) {
                    for (int taken : steps.get(i).takes()) {
                        if (taken == value) {
                            return true;
                        }
                    }
                }
            }
            return false;
        }
    }
}
