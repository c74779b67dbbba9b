package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tensor.layout.DType;
import tensor.spi.Extent;
import tensor.spi.Program;
import tensor.spi.Step;

/// A program as instructions of the kernel that interprets, see `interpreter.k`.
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
    private final Lifetimes lifetimes;
    private final Slots slots = new Slots();
    private final List<Long> words = new ArrayList<>();

    private ProgramCode(Program program, Instructions instructions) {
        this.steps = program.steps();
        this.outputs = program.outputs();
        this.instructions = instructions;
        this.lifetimes = new Lifetimes(program);
    }

    /// {@return the words of a program, or nothing if it has more of something than there may be}
    ///
    /// @param instructions on all its types
    static Optional<Driver.Numbers> of(Program program, Instructions instructions) {
        var code = new ProgramCode(program, instructions);
        List<Stage> stages = Stage.of(program);
        if (program.hasRows()) {
            code.rows(stages);
        } else {
            Stage all = stages.getFirst();
            code.part(
                    List.of(),
                    () -> code.elements(sorted(all), () -> code.store(Extent.ALL)),
                    false);
        }
        if (code.words.size() >= WORDS || code.slots.most() > SLOTS) {
            return Optional.empty();
        }
        long[] values = code.words.stream().mapToLong(word -> word).toArray();
        return Optional.of(new Driver.Numbers(Arrays.copyOf(values, WORDS)));
    }

    private static List<Integer> sorted(Stage stage) {
        return Stream.concat(stage.singles().stream(), stage.elements().stream()).sorted().toList();
    }

    private void rows(List<Stage> stages) {
        Map<Integer, Integer> last = lifetimes.lastParts(stages);
        for (int i = 0; i < stages.size(); i++) {
            singles(stages.get(i));
            free(2 * i, last);
            elements(stages.get(i));
            free(2 * i + 1, last);
        }
    }

    private void free(int part, Map<Integer, Integer> last) {
        last.forEach((number, end) -> {
            if (end == part) {
                slots.free(number);
            }
        });
    }

    private void singles(Stage stage) {
        part(
                List.of(),
                () -> {
                    stage.singles().forEach(number -> value(number, List.of()));
                    stage.folds().forEach(this::begin);
                    if (stage.folds().isEmpty()) {
                        store(Extent.ROW);
                    }
                },
                false);
    }

    private void elements(Stage stage) {
        List<Integer> folds = stage.folds();
        Runnable end = folds.isEmpty() ? () -> store(Extent.ALL) : () -> folds.forEach(this::add);
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
        int count = words.size() - head - 1;
        if (count == 0) {
            words.removeLast();
            return;
        }
        words.set(
                head, count | (long) folds.size() << FOLDS_FROM | (isEach ? 1L : 0L) << EACH_FROM);
        folds.forEach(fold -> words.add(word(instructions.number(steps, fold), slot(fold))));
    }

    /// Values of single elements, whose slots are free afterwards.
    ///
    /// @param end what takes them
    private void elements(List<Integer> numbers, Runnable end) {
        Map<Integer, Integer> last = lifetimes.lastSteps(numbers);
        BitSet before = slots.taken();
        for (int number : numbers) {
            if (last.containsKey(number)) {
                List<Integer> done = new ArrayList<>();
                for (int taken : steps.get(number).takes()) {
                    int source = lifetimes.source(taken);
                    boolean isElement = !before.get(slots.of(source));
                    if (isElement && last.getOrDefault(source, 0) == number) {
                        done.add(source);
                    }
                }
                value(number, done);
            }
        }
        end.run();
        slots.freeBut(before);
    }

    /// Sets the value of a step.
    ///
    /// @param done steps whose slots are free as soon as this has taken their values
    private void value(int number, List<Integer> done) {
        if (lifetimes.source(number) != number) {
            return;
        }
        int[] taken = Arrays.stream(steps.get(number).takes()).map(this::slot).toArray();
        done.forEach(slots::free);
        int slot = slots.take(number);
        switch (steps.get(number)) {
            case Step.Input(int input, DType dtype, _) -> {
                int operand = outputs.size() + input;
                words.add(word(Instructions.LOAD, slot, operand, dtype.byteSize()));
            }
            case Step.Constant(long bits, _) -> constant(slot, bits);
            case Step.Map1 _, Step.Map2 _, Step.Where _, Step.Cast _ -> {
                int[] places = new int[FROM.length];
                Arrays.fill(places, taken[0]); // what is not needed is some value that is there
                places[0] = slot;
                System.arraycopy(taken, 0, places, 1, taken.length);
                words.add(word(instructions.number(steps, number), places));
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
        constant(slots.take(number), RowText.neutralBits(fold.op(), fold.dtype()));
    }

    /// Folds an element into its slot.
    private void add(int number) {
        int slot = slot(number);
        int element = slot(((Step.Fold) steps.get(number)).x());
        words.add(word(instructions.number(steps, number), slot, slot, element, slot));
    }

    private void store(Extent extent) {
        for (int i = 0; i < outputs.size(); i++) {
            Program.Output output = outputs.get(i);
            if (output.extent() == extent) {
                int bytes = steps.get(output.step()).dtype().byteSize();
                words.add(word(Instructions.STORE, i, slot(output.step()), bytes));
            }
        }
    }

    /// {@return where the value of a step is}
    private int slot(int step) {
        return slots.of(lifetimes.source(step));
    }

    private static long word(int number, int... places) {
        long word = number;
        for (int i = 0; i < places.length; i++) {
            word |= (long) places[i] << FROM[i];
        }
        return word;
    }
}
