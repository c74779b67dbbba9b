package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import loops.core.Resume;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/// What follows a first fit, in the words of a case: `max_epochs=2, dirpath=new, fit(ckpt_path=step=2.ckpt)`.
///
/// A choice of the trainer is made by a new trainer with the same callback; `new trainer` has a callback of its own.
final class CheckpointSequel {
    private static final Phrases<List<Consumer<CheckpointFits>>> PARTS =
            Phrases.<List<Consumer<CheckpointFits>>>of()
                    .say("(\\d+) x \\((.*)\\)", said -> times(said.group(1), said.group(2)))
                    .say("(\\d+) x (.*)", said -> times(said.group(1), said.group(2)))
                    .say("new trainer", said -> List.of(CheckpointFits::anew))
                    .say(
                            "max_epochs ?= ?(\\d+)",
                            said ->
                                    List.of(fits -> {
                                        fits.maxEpochs(Integer.parseInt(said.group(1)));
                                        fits.again();
                                    }))
                    .say(
                            "dirpath=(\\w+)",
                            said ->
                                    List.of(fits -> {
                                        fits.place(said.group(1));
                                        fits.anew();
                                    }))
                    .say(
                            "fit(?:\\(ckpt_path=(.+)\\))?(?: again| with the same max_epochs)?",
                            said -> List.of(fits -> fits.fit(from(said.group(1), fits))))
                    .say(
                            "test(?:\\(ckpt_path=(.+)\\))?",
                            said -> List.of(fits -> fits.test(from(said.group(1), fits))))
                    .say(
                            "validate(?:\\(ckpt_path=(.+)\\))?",
                            said -> List.of(fits -> fits.validate(from(said.group(1), fits))));

    private static final Phrases<List<Consumer<CheckpointFits>>> LONGER =
            Phrases.<List<Consumer<CheckpointFits>>>of()
                    .say(
                            "max_epochs ([\\d, ]+), each resuming from the best of the previous"
                                    + " run with the default ModelCheckpoint",
                            said -> longer(said.group(1)));

    private final List<Consumer<CheckpointFits>> parts;

    private CheckpointSequel(List<Consumer<CheckpointFits>> parts) {
        this.parts = parts;
    }

    /// {@return what follows; nothing if a case does not say it}
    ///
    /// @param setup the case
    static CheckpointSequel read(Keys setup) {
        var then = setup.textIfAny("then").map(CheckpointSequel::parts);
        var next = setup.textIfAny("next").map(LONGER::read);
        return new CheckpointSequel(
                Stream.of(then, next).flatMap(Optional::stream).flatMap(List::stream).toList());
    }

    private static List<Consumer<CheckpointFits>> parts(String said) {
        return outside(said).stream()
                .flatMap(part -> PARTS.read(part.strip().replaceFirst("^then ", "")).stream())
                .toList();
    }

    /// {@return the parts of a text between commas and semicolons that do not stand in parentheses}
    private static List<String> outside(String said) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && (c == ',' || c == ';')) {
                parts.add(said.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(said.substring(begin));
        return parts;
    }

    private static List<Consumer<CheckpointFits>> times(String count, String said) {
        return Collections.nCopies(Integer.parseInt(count), parts(said)).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<Consumer<CheckpointFits>> longer(String epochs) {
        return Stream.of(epochs.split(", ", -1))
                .<Consumer<CheckpointFits>>map(limit ->
                        fits -> {
                            var from = fits.from("best");
                            fits.maxEpochs(Integer.parseInt(limit));
                            fits.savingByDefault("until " + limit);
                            fits.anew();
                            fits.fit(from);
                        })
                .toList();
    }

    private static Resume from(@Nullable String said, CheckpointFits fits) {
        return said == null ? Resume.never() : fits.from(said);
    }

    /// {@return what can be said of it, after it has happened}
    ///
    /// @param fits all fits, of which there was one
    Answers follow(CheckpointFits fits) {
        var before = fits.outcome();
        var lastBefore = before.saver().flatMap(ModelCheckpoint::last);
        parts.forEach(part -> part.accept(fits));
        boolean there = lastBefore.filter(Checkpoint::isAt).isPresent();
        boolean nothingNew = fits.outcome().writes().equals(before.writes());
        var best = fits.best().stream().map(CheckpointSequel::withoutSteps).toList();
        return new Answers()
                .to("files_run1", () -> new Observed.Names(before.files()))
                .to("files_after_run1", () -> new Observed.Names(before.files()))
                .to("old_last_still_exists", () -> there)
                .to("nothing_new_written", () -> nothingNew)
                .to("best_model_path_contains", () -> best);
    }

    /// {@return a name without the steps, which cases that ask what it contains leave open}
    private static String withoutSteps(String name) {
        return name.replaceFirst("-step=\\d+\\.ckpt$", "");
    }
}
