package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// A program as instructions of the kernels that interpret, see `interpreter.k`.
///
/// Operands are numbered, outputs first. The value of a step has a slot until it is last taken: one of single elements by a
/// step, one of a row by a part.
final class ProgramCode {
    /// The most operands of a program.
    static final int OPERANDS = 24;

    /// The most values at a time.
    static final int SLOTS = 32;

    /// The most words, with a 0 behind the last part.
    static final int WORDS = 224;

    private static final int FOLDS_FROM = 16;
    private static final int EACH_FROM = 24;
    private static final int[] FROM = {16, 24, 32, 40};

    private final List<Step> steps;
    private final List<Program.Output> outputs;
    private final Instructions instructions;
    private final List<Long> words = new ArrayList<>();
    private final Map<Integer, Integer> slots = new HashMap<>();
    private final BitSet used = new BitSet();
    private final Map<Integer, Integer> lastParts = new HashMap<>();
    private int most;
    private int parts;

    private ProgramCode(Program program, Instructions instructions) {
        this.steps = program.steps();
        this.outputs = program.outputs();
        this.instructions = instructions;
    }

    /// {@return the words of a program, or nothing if it has more of something than there may be}
    ///
    /// @param instructions on all its types
    static Optional<Driver.Numbers> of(Program program, Instructions instructions) {
        var code = new ProgramCode(program, instructions);
        List<Stage> stages = Stage.of(program);
        if (program.hasRows()) {
            code.look(stages);
            stages.forEach(code::stage);
        } else {
            Stage all = stages.getFirst();
            code.part(
                    List.of(),
                    () -> code.elements(sorted(all), () -> code.store(Extent.ALL)),
                    false);
        }
        if (code.words.size() >= WORDS || code.most > SLOTS) {
            return Optional.empty();
        }
        long[] values = code.words.stream().mapToLong(word -> word).toArray();
        return Optional.of(new Driver.Numbers(Arrays.copyOf(values, WORDS)));
    }

    private static List<Integer> sorted(Stage stage) {
        return Stream.concat(stage.singles().stream(), stage.elements().stream()).sorted().toList();
    }

    /// Finds the last part that takes each value of a row; a stage has two parts.
    private void look(List<Stage> stages) {
        int part = 0;
        for (Stage stage : stages) {
            takeIn(part, stage.singles());
            takeIn(part + 1, stage.elements());
            takeIn(part + 1, stage.folds());
            part += 2;
        }
        for (Program.Output output : outputs) {
            takenIn(output.extent() == Extent.ROW ? part - 2 : part - 1, output.step());
        }
    }

    private void takeIn(int part, List<Integer> numbers) {
        for (int number : numbers) {
            for (int taken : steps.get(number).takes()) {
                takenIn(part, taken);
            }
        }
    }

    private void takenIn(int part, int number) {
        int source = source(number);
        if (steps.get(source).extent() != Extent.ALL) {
            lastParts.merge(source, part, Math::max);
        }
    }

    private void stage(Stage stage) {
        List<Integer> folds = stage.folds();
        boolean isLast = folds.isEmpty();
        part(
                List.of(),
                () -> {
                    stage.singles().forEach(this::value);
                    folds.forEach(this::begin);
                    if (isLast) {
                        store(Extent.ROW);
                    }
                },
                false);
        Runnable end = isLast ? () -> store(Extent.ALL) : () -> folds.forEach(this::add);
        part(folds, () -> elements(stage.elements(), end), true);
    }

    /// What is done one after the other, before its head is known.
    ///
    /// @param folds that end it
    /// @param isEach whether it is done for each element of a row
    private void part(List<Integer> folds, Runnable body, boolean isEach) {
        int head = words.size();
        words.add(0L);
        body.run();
        lastParts.forEach((number, last) -> {
            if (last == parts) {
                used.clear(slot(number));
            }
        });
        parts++;
        int count = words.size() - head - 1;
        if (count == 0) {
            words.removeLast();
            return;
        }
        words.set(
                head, count | (long) folds.size() << FOLDS_FROM | (isEach ? 1L : 0L) << EACH_FROM);
        folds.forEach(fold -> words.add(word(number(fold), slot(fold))));
    }

    /// Values of single elements, whose slots are free afterwards.
    ///
    /// @param end what takes them
    private void elements(List<Integer> numbers, Runnable end) {
        Map<Integer, Integer> last = lastTaken(numbers);
        BitSet before = (BitSet) used.clone();
        for (int number : numbers) {
            if (last.containsKey(number)) {
                List<Integer> done = new ArrayList<>();
                for (int taken : steps.get(number).takes()) {
                    int source = source(taken);
                    boolean isElement = !before.get(slot(source));
                    if (isElement && last.getOrDefault(source, 0) == number) {
                        done.add(slot(source));
                    }
                }
                value(number, done);
            }
        }
        end.run();
        used.and(before);
    }

    /// Which step takes a value last, or one behind all where that is no step. Nothing for what is not taken, or has no slot.
    private Map<Integer, Integer> lastTaken(List<Integer> numbers) {
        Map<Integer, Integer> last = new HashMap<>();
        for (int number : numbers) {
            if (source(number) == number) {
                for (int taken : steps.get(number).takes()) {
                    last.put(source(taken), number);
                }
            }
        }
        for (Step step : steps) {
            if (step instanceof Step.Fold fold) {
                last.put(source(fold.x()), steps.size());
            }
        }
        outputs.forEach(output -> last.put(source(output.step()), steps.size()));
        return last;
    }

    private void value(int number) {
        value(number, List.of());
    }

    /// Sets the value of a step.
    ///
    /// @param done slots that are free as soon as this has taken their values
    private void value(int number, List<Integer> done) {
        if (source(number) != number) {
            return;
        }
        int[] taken = Arrays.stream(steps.get(number).takes()).map(x -> slot(source(x))).toArray();
        done.forEach(used::clear);
        int slot = take(number);
        switch (steps.get(number)) {
            case Step.Input(int input, DType dtype, _) ->
                    words.add(
                            word(
                                    Instructions.LOAD,
                                    slot,
                                    outputs.size() + input,
                                    dtype.byteSize()));
            case Step.Constant(long bits, _) -> constant(slot, bits);
            case Step.Map1 _, Step.Map2 _, Step.Where _, Step.Cast _ -> {
                int[] places = new int[FROM.length];
                Arrays.fill(places, taken[0]); // what is not needed is some value that is there
                places[0] = slot;
                System.arraycopy(taken, 0, places, 1, taken.length);
                words.add(word(number(number), places));
            }
            case Step.Spread _, Step.Fold _ -> throw new AssertionError("no instruction");
        }
    }

    private void constant(int slot, long bits) {
        words.add(word(Instructions.CONSTANT, slot));
        words.add(bits);
    }

    /// Sets the slot of a fold to what changes nothing.
    private void begin(int number) {
        Step.Fold fold = (Step.Fold) steps.get(number);
        constant(take(number), RowText.neutralBits(fold.op(), fold.dtype()));
    }

    /// Folds an element into its slot.
    private void add(int number) {
        int slot = slot(number);
        int element = slot(source(((Step.Fold) steps.get(number)).x()));
        words.add(word(number(number), slot, slot, element, slot));
    }

    private void store(Extent extent) {
        for (int i = 0; i < outputs.size(); i++) {
            Program.Output output = outputs.get(i);
            if (output.extent() == extent) {
                int bytes = steps.get(output.step()).dtype().byteSize();
                words.add(word(Instructions.STORE, i, slot(source(output.step())), bytes));
            }
        }
    }

    /// {@return the number of the instruction of a step}
    private int number(int step) {
        return instructions.number(
                switch (steps.get(step)) {
                    case Step.Map1(var op, _, DType dtype, _) -> StepText.function(op, dtype);
                    case Step.Map2(var op, int a, _, _, _) ->
                            StepText.function(op, steps.get(a).dtype());
                    case Step.Where _ -> Instructions.WHERE;
                    case Step.Cast(int x, DType dtype, _) ->
                            StepText.cast(steps.get(x).dtype(), dtype);
                    case Step.Fold(var op, _, DType dtype) ->
                            StepText.function(op.pairwise(), dtype);
                    case Step.Input _, Step.Constant _, Step.Spread _ ->
                            throw new AssertionError("no function");
                });
    }

    /// {@return the step whose slot has the value of a step}
    private int source(int number) {
        return switch (steps.get(number)) {
            case Step.Spread(int x, _) -> source(x);
            case Step.Cast(int x, DType dtype, _) when steps.get(x).dtype() == dtype -> source(x);
            default -> number;
        };
    }

    private int take(int number) {
        int slot = used.nextClearBit(0);
        used.set(slot);
        slots.put(number, slot);
        most = Math.max(most, used.length());
        return slot;
    }

    private int slot(int number) {
        Integer slot = slots.get(number);
        if (slot == null) {
            throw new AssertionError("step %d has no value yet".formatted(number));
        }
        return slot;
    }

    private static long word(int number, int... places) {
        long word = number;
        for (int i = 0; i < places.length; i++) {
            word |= (long) places[i] << FROM[i];
        }
        return word;
    }
}
