package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// Moby-Dick, character by character: each a number, its place in the alphabet. Nine tenths are there to learn from.
///
/// @param alphabet the characters there are, in the order of Unicode
/// @param codes the numbers of all characters
@SuppressWarnings("ArrayRecordComponent") // it is never compared
record Novel(String alphabet, long[] codes) {
    private static final String RESOURCE = "moby-dick.txt.gz";

    /// {@return the novel that comes with the examples}
    static Novel included() {
        try (var in = Novel.class.getResourceAsStream(RESOURCE);
                var unpacked = new GZIPInputStream(Objects.requireNonNull(in, RESOURCE))) {
            return of(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Novel of(String text) {
        var alphabet =
                text.chars()
                        .distinct()
                        .sorted()
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        return new Novel(alphabet, text.chars().mapToLong(alphabet::indexOf).toArray());
    }

    /// {@return the first of the characters that nothing is learned from}
    int end() {
        return codes.length / 10 * 9;
    }

    /// {@return windows of the part to learn from, or of the rest, one behind the other} The targets of a window are the
    /// characters that follow.
    ///
    /// @param steps the length of a window
    TensorDataset windows(boolean learned, int steps) {
        int from = learned ? 0 : end();
        int count = ((learned ? end() : codes.length) - from - 1) / steps;
        return TensorDataset.of(windows(count, steps, window -> from + window * steps));
    }

    /// {@return windows that lie anywhere in the part to learn from}
    ///
    /// @param key where they come from
    /// @param steps the length of a window
    Batch draw(RandomKey key, int count, int steps) {
        return windows(count, steps, window -> key.below(window, end() - steps));
    }

    private Batch windows(int count, int steps, IntUnaryOperator from) {
        long[] inputs = new long[count * steps];
        long[] targets = new long[count * steps];
        for (int window = 0; window < count; window++) {
            int start = from.applyAsInt(window);
            System.arraycopy(codes, start, inputs, window * steps, steps);
            System.arraycopy(codes, start + 1, targets, window * steps, steps);
        }
        var shape = Shape.of(count, steps);
        return Batch.of(Tensor.of(inputs).reshape(shape), Tensor.of(targets).reshape(shape));
    }

    /// {@return the text of some numbers}
    String text(int... numbers) {
        var text = new StringBuilder();
        for (int number : numbers) {
            text.append(alphabet.charAt(number));
        }
        return text.toString();
    }
}
