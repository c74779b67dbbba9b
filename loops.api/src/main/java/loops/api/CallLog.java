package loops.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Text;
import org.jspecify.annotations.Nullable;

/// What the open phase of a loop has called so far: child runs and `once` bodies, in order, with their outputs.
///
/// After a load the phase's method is called again and the log is read from its start: a finished call gives its
/// stored output, and the last one, if it is open, is entered again. Past its end calls are appended.
/// The arrays are kept from phase to phase, so a step that has been run before allocates nothing here.
final class CallLog {
    private static final Object FAILED = new Object();

    private String[] names = new String[2];
    private @Nullable Object[] outputs = new Object[2];

    /// What says how each output is written: a codec, or the child that returned it, which is asked only when it is
    /// needed.
    private @Nullable Object[] writers = new Object[2];

    private int size;
    private int cursor;
    private boolean lastOpen;

    /// How many of the outputs were loaded. From the cursor on they are states that await the codec of their call.
    private int loaded;

    /// Empties the log for the next phase.
    void clear() {
        Arrays.fill(outputs, 0, size, null);
        Arrays.fill(writers, 0, size, null);
        size = 0;
        cursor = 0;
        loaded = 0;
        lastOpen = false;
    }

    boolean replaying() {
        return cursor < size;
    }

    /// {@return whether the call about to be made is one that had begun and not ended when the state was taken}
    boolean atOpenCall() {
        return lastOpen && cursor == size - 1;
    }

    String expectedName() {
        return names[cursor];
    }

    List<String> calls() {
        return List.of(Arrays.copyOf(names, size));
    }

    List<String> callsSoFar() {
        return List.of(Arrays.copyOf(names, cursor));
    }

    /// {@return the stored output of the finished call at the cursor, and steps past it}
    ///
    /// @param writer the codec of the output, or the child that returned it
    @Nullable Object replay(@Nullable Object writer) {
        int at = cursor++;
        writers[at] = writer;
        if (at < loaded && outputs[at] instanceof Items(List<LoopState> written)) {
            outputs[at] = written.isEmpty() ? null : decoded(at, written.getFirst());
        }
        return outputs[at];
    }

    private Object decoded(int at, LoopState written) {
        var codec = codec(at);
        if (codec == null) {
            throw new IllegalStateException(
                    "the output of '%s' was saved, but its loop has no outputCodec() to read it"
                            .formatted(names[at]));
        }
        return codec.decode(written);
    }

    @SuppressWarnings("unchecked") // a writer is stored beside the output that it is for
    private @Nullable Codec<Object> codec(int at) {
        Object writer = writers[at];
        return (Codec<Object>)
                (writer instanceof Loop<?, ?> child ? child.outputCodec().orElse(null) : writer);
    }

    /// {@return the name of a finished call whose output could not be saved, if there is one}
    /// Once another call follows it, that output is needed to replay the phase.
    @Nullable String firstUnsaveable() {
        for (int i = 0; i < size; i++) {
            if (outputs[i] != null && codec(i) == null) {
                return names[i];
            }
        }
        return null;
    }

    /// {@return the name of a call that has thrown, if there is one}
    @SuppressWarnings("ReferenceEquality") // a mark of our own
    @Nullable String firstFailed() {
        for (int i = 0; i < size; i++) {
            if (outputs[i] == FAILED) {
                return names[i];
            }
        }
        return null;
    }

    /// Notes that a call begins, or that the open one is entered again after a load.
    void open(String name) {
        if (atOpenCall()) {
            cursor = size;
            return;
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            outputs = Arrays.copyOf(outputs, 2 * size);
            writers = Arrays.copyOf(writers, 2 * size);
        }
        names[size++] = name;
        cursor = size;
        lastOpen = true;
    }

    /// Notes that the open call has ended.
    ///
    /// @param writer the codec of the output, or the child that returned it
    void close(@Nullable Object output, @Nullable Object writer) {
        outputs[size - 1] = output;
        writers[size - 1] = writer;
        lastOpen = false;
    }

    /// Notes that the open call has thrown: if the loop goes on all the same, the phase can no longer be replayed.
    void fail() {
        outputs[size - 1] = FAILED;
        writers[size - 1] = null;
        lastOpen = false;
    }

    /// {@return the log as a state}
    Fields state() {
        var calls = new ArrayList<LoopState>();
        var written = new ArrayList<LoopState>();
        for (int i = 0; i < size; i++) {
            calls.add(new Text(names[i]));
            if (i < size - 1 || !lastOpen) {
                written.add(encodedOutput(i));
            }
        }
        return Fields.of("calls", new Items(calls))
                .with("outputs", new Items(written))
                .with("open", lastOpen);
    }

    private LoopState encodedOutput(int at) {
        Object output = outputs[at];
        if (at >= cursor && at < loaded && output instanceof Items written) {
            return written;
        }
        if (output == null) {
            return new Items(List.of());
        }
        var codec = codec(at);
        if (codec == null) {
            throw new IllegalStateException(
                    "the output of '%s' cannot be saved: its loop has no outputCodec(), or its once(...) no codec"
                            .formatted(names[at]));
        }
        return new Items(List.of(codec.encode(output)));
    }

    /// {@return the log that [#state] wrote}
    static CallLog of(Fields state) {
        var log = new CallLog();
        var written = state.items("outputs");
        for (LoopState name : state.items("calls")) {
            log.open(Codec.TEXT.decode(name));
        }
        log.lastOpen = state.flag("open");
        if (written.size() != log.size - (log.lastOpen ? 1 : 0)) {
            throw new IllegalArgumentException(
                    "loadStateDict: %s calls with %s outputs in a run frame"
                            .formatted(log.size, written.size()));
        }
        for (int i = 0; i < written.size(); i++) {
            log.outputs[i] = output(written.get(i));
        }
        log.loaded = written.size();
        log.cursor = 0;
        return log;
    }

    private static Items output(LoopState written) {
        if (written instanceof Items items && items.values().size() <= 1) {
            return items;
        }
        throw new IllegalArgumentException(
                "loadStateDict: an output in a run frame is %s, needs to be a list of at most one"
                        .formatted(written));
    }
}
