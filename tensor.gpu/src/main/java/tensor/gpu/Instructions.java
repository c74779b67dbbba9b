package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.ReduceOp;
import tensor.spi.Step;
import tensor.spi.UnaryOp;

/// What a kernel that interprets programs can do, each with a number: the functions of elements on types of some bytes, by the
/// names that they have in the texts of kernels.
final class Instructions {
    /// Sets a slot to the word that follows.
    static final int CONSTANT = 0;

    /// Reads an operand: its number, and the bytes of an element.
    static final int LOAD = 1;

    /// Writes an operand likewise.
    static final int STORE = 2;

    /// The function that takes the second or the third by the first.
    private static final String WHERE = "WHERE";

    /// Functions are numbered from here.
    private static final int FIRST = 3;

    private static final List<String> PLACES = List.of("a", "b", "c");

    /// @param name of the function
    /// @param takes the types of what it takes
    /// @param gives the type of what it gives
    private record Function(String name, List<DType> takes, DType gives) {
        String result() {
            return "SLOT_OF_%s(%s(%s))"
                    .formatted(
                            gives.name(),
                            name,
                            IntStream.range(0, takes.size())
                                    .mapToObj(i ->
                                            "%s_OF_SLOT(%s)"
                                                    .formatted(takes.get(i).name(), PLACES.get(i)))
                                    .collect(Collectors.joining(", ")));
        }
    }

    private final String slot;
    private final List<DType> types;
    private final List<Function> functions = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /// @param slot the type of what holds a value, in the dialect
    /// @param byteSize of a slot
    Instructions(String slot, int byteSize) {
        this.slot = slot;
        this.types =
                Arrays.stream(DType.values()).filter(each -> each.byteSize() <= byteSize).toList();
        for (DType dtype : types) {
            for (BinaryOp op : BinaryOp.values()) {
                boolean mayFail = op == BinaryOp.DIV && dtype.isInteger(); // not in a program
                if (op.isDefinedOn(dtype) && !mayFail) {
                    DType gives = op.isComparison() ? DType.BOOL : dtype;
                    add(new Function(StepText.function(op, dtype), List.of(dtype, dtype), gives));
                }
            }
            for (UnaryOp op : UnaryOp.values()) {
                if (dtype.isFloating()) {
                    add(new Function(StepText.function(op, dtype), List.of(dtype), dtype));
                }
            }
            for (DType to : types) {
                if (dtype != to && dtype != DType.BOOL && to != DType.BOOL) {
                    add(new Function(StepText.cast(dtype, to), List.of(dtype), to));
                }
            }
        }
        numbers.put(WHERE, FIRST + functions.size());
    }

    private void add(Function function) {
        numbers.put(function.name, FIRST + functions.size());
        functions.add(function);
    }

    /// {@return the types of values}
    List<DType> types() {
        return types;
    }

    /// {@return the number of a function}
    int number(String function) {
        Integer number = numbers.get(function);
        if (number == null) {
            throw new AssertionError("no instruction " + function);
        }
        return number;
    }

    /// {@return the number of the function of a step}
    ///
    /// @param steps of a program
    /// @param step which has one
    int number(List<Step> steps, int step) {
        return number(
                switch (steps.get(step)) {
                    case Step.Map1(var op, _, DType dtype, _) -> StepText.function(op, dtype);
                    case Step.Map2(var op, int a, _, _, _) ->
                            StepText.function(op, steps.get(a).dtype());
                    case Step.Where _ -> WHERE;
                    case Step.Cast(int x, DType dtype, _) ->
                            StepText.cast(steps.get(x).dtype(), dtype);
                    case Step.Fold(var op, _, DType dtype) ->
                            StepText.function(op.pairwise(), dtype);
                    case Step.Input _, Step.Constant _, Step.Spread _ ->
                            throw new AssertionError("step %d has no function".formatted(step));
                });
    }

    /// {@return the macros of the kernels' text with all numbers, and the type of slots}
    Map<String, String> macros() {
        String choice = "case %d: return (BOOL)a ? b : c;".formatted(number(WHERE));
        return Map.of(
                "SLOT",
                slot,
                "CONSTANT",
                Integer.toString(CONSTANT),
                "LOAD",
                Integer.toString(LOAD),
                "STORE",
                Integer.toString(STORE),
                "FUNCTIONS",
                cases(_ -> true) + choice,
                "FOLDS",
                cases(function -> folds().anyMatch(function.name::equals)));
    }

    private static Stream<String> folds() {
        return Arrays.stream(ReduceOp.values())
                .flatMap(op ->
                        Arrays.stream(DType.values())
                                .filter(op::isDefinedOn)
                                .map(dtype -> StepText.function(op.pairwise(), dtype)));
    }

    private String cases(Predicate<Function> which) {
        return functions.stream()
                .filter(which)
                .map(each -> "case %d: return %s; ".formatted(number(each.name), each.result()))
                .collect(Collectors.joining());
    }
}
