package loops.core.callback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Text;
import loops.api.Stateful;
import loops.core.checkpoint.Checkpoint;

/// The checkpoints that a callback keeps in its folder: which they are, how good, and what the next one is called.
///
/// The folder is looked at once, when a fit begins. From then on the state alone says which names are taken, so that a
/// resumed run gives the names that the undisturbed one gives, over what that one may have left behind.
final class KeptCheckpoints implements Stateful {
    private static final System.Logger LOG = System.getLogger(ModelCheckpoint.class.getName());

    /// What is kept, and under which names.
    ///
    /// @param folder the folder of the checkpoints
    /// @param monitor the metric that says how good they are; the newest are the best without one
    /// @param mode which of its values are the better ones
    /// @param keep how many; -1 for all
    /// @param newest whether the newest are asked for, whatever they are worth
    /// @param name the names of those that are kept
    /// @param last the name of the one that is always the newest, if there is one
    /// @param firstVersion the number that the second of the same name gets
    record Policy(
            Path folder,
            Optional<String> monitor,
            Mode mode,
            int keep,
            boolean newest,
            CheckpointName name,
            Optional<CheckpointName> last,
            int firstVersion) {}

    /// One of them. Without a monitor it has no score.
    record Kept(String name, OptionalDouble score) {}

    /// What is to be written, and deleted afterwards.
    record Wish(Path checkpoint, List<Path> obsolete) {}

    /// What was kept before a wish, in case that it is not met.
    private record Before(
            Path checkpoint,
            List<Kept> kept,
            List<String> obsolete,
            Optional<String> last,
            OptionalDouble current,
            long steps) {}

    private final Policy policy;
    private final List<Kept> kept = new ArrayList<>();
    private final TreeSet<String> foreign = new TreeSet<>();
    private final List<String> obsolete = new ArrayList<>();
    private Optional<String> last = Optional.empty();
    private OptionalDouble current = OptionalDouble.empty();
    private Optional<Path> bestElsewhere = Optional.empty();
    private final List<Before> latest = new ArrayList<>();
    private final Set<String> gone = new HashSet<>();
    private long steps;
    private boolean loaded;

    KeptCheckpoints(Policy policy) {
        this.policy = policy;
    }

    Policy policy() {
        return policy;
    }

    // ---- what there is

    /// {@return those that are there}
    List<Kept> all() {
        return kept.stream().filter(each -> !gone.contains(each.name())).toList();
    }

    /// {@return the best of those that are there} One that a run has displaced, before another went back to an earlier
    /// checkpoint, still counts in what is kept, as it did in the run that is gone on with.
    Optional<Kept> best() {
        return extreme(all(), policy.mode());
    }

    Optional<Path> bestPath() {
        return best().map(found -> path(found.name())).or(() -> bestElsewhere);
    }

    /// {@return the one that gives way to a better one}
    Optional<Kept> worst() {
        return extreme(kept, policy.mode() == Mode.MIN ? Mode.MAX : Mode.MIN);
    }

    /// The first of the best, by this mode. Without scores it is the newest for the own mode, and else the oldest.
    private Optional<Kept> extreme(List<Kept> among, Mode mode) {
        if (among.isEmpty()) {
            return Optional.empty();
        }
        if (policy.monitor().isEmpty()) {
            return Optional.of(mode == policy.mode() ? among.getLast() : among.getFirst());
        }
        var found = among.getFirst();
        for (Kept each : among) {
            if (mode.better(each.score().orElseThrow(), found.score().orElseThrow())) {
                found = each;
            }
        }
        return Optional.of(found);
    }

    boolean full() {
        return policy.keep() != -1 && kept.size() >= policy.keep();
    }

    Optional<Path> last() {
        return last.map(this::path);
    }

    OptionalDouble current() {
        return current;
    }

    /// {@return the optimizer steps that had been made at the latest wish}
    long steps() {
        return steps;
    }

    Path path(String name) {
        return policy.folder().resolve(name);
    }

    // ---- what is to be saved

    /// A fit begins, and is not resumed yet.
    void open() {
        loaded = false;
        gone.clear();
        foreign.clear();
        foreign.addAll(namesInTheFolder());
        kept.forEach(each -> foreign.remove(each.name()));
        last.ifPresent(foreign::remove);
    }

    private Collection<String> namesInTheFolder() {
        if (!Files.isDirectory(policy.folder())) {
            return List.of();
        }
        try (var entries = Files.list(policy.folder())) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The state is there, if the fit is resumed. What was to be deleted behind the checkpoint that it goes on from may
    /// still be there.
    void started() {
        if (!loaded) {
            if (!foreign.isEmpty() && policy.keep() != 0) {
                LOG.log(
                        Level.WARNING,
                        "ModelCheckpoint: {0} is not empty; names that are taken get a number. Choose another folder to keep runs apart",
                        policy.folder());
            }
            return;
        }
        loaded = false;
        kept.stream()
                .map(Kept::name)
                .filter(name -> !Checkpoint.isAt(path(name)))
                .forEach(gone::add);
        try {
            for (String name : obsolete) {
                Checkpoint.delete(path(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Forgets what the last wishes made obsolete: by now it is deleted.
    ///
    /// @param unmet whether a checkpoint is still to be written
    void next(Predicate<Path> unmet) {
        obsolete.clear();
        latest.removeIf(before -> !unmet.test(before.checkpoint()));
    }

    /// Takes back the wishes that will not be met any more: the run has failed before.
    ///
    /// @param unmet whether a checkpoint is still to be written
    void takeBack(Predicate<Path> unmet) {
        latest.stream()
                .filter(before -> unmet.test(before.checkpoint()))
                .findFirst()
                .ifPresent(this::restore);
        latest.clear();
    }

    private void restore(Before before) {
        kept.clear();
        kept.addAll(before.kept());
        obsolete.clear();
        obsolete.addAll(before.obsolete());
        last = before.last();
        current = before.current();
        steps = before.steps();
    }

    /// {@return the wish for a checkpoint that is good enough to be kept, if it is}
    ///
    /// @param score how good it is, if a metric is monitored
    /// @param made the optimizer steps that have been made
    /// @param values values by metric
    Optional<Wish> keep(OptionalDouble score, long made, Map<String, Double> values) {
        if (policy.keep() == 0) {
            return Optional.empty();
        }
        var ranked =
                score.isPresent() && Double.isNaN(score.getAsDouble())
                        ? OptionalDouble.of(policy.mode().worst())
                        : score;
        var displaced = full() ? worst() : Optional.<Kept>empty();
        if (displaced.isPresent()
                && ranked.isPresent()
                && !policy.mode()
                        .better(ranked.getAsDouble(), displaced.get().score().orElseThrow())) {
            return Optional.empty();
        }
        String name = free(policy.name(), values, displaced.map(Kept::name));
        note(name, made);
        displaced.ifPresent(kept::remove);
        kept.add(new Kept(name, ranked));
        current = ranked;
        return Optional.of(wish(name, displaced.map(Kept::name)));
    }

    /// {@return the wish for the checkpoint that is always the newest, if there is one}
    ///
    /// @param made the optimizer steps that have been made
    /// @param values values by metric
    Optional<Wish> keepLast(long made, Map<String, Double> values) {
        return policy.last()
                .map(template -> {
                    var before = last;
                    String name = free(template, values, before);
                    note(name, made);
                    last = Optional.of(name);
                    return wish(name, before);
                });
    }

    private void note(String name, long made) {
        latest.add(
                new Before(
                        path(name),
                        List.copyOf(kept),
                        List.copyOf(obsolete),
                        last,
                        current,
                        steps));
        steps = made;
        gone.remove(name);
    }

    private Wish wish(String name, Optional<String> displaced) {
        var gone = displaced.filter(old -> !old.equals(name)).stream().toList();
        obsolete.addAll(gone);
        return new Wish(path(name), gone.stream().map(this::path).toList());
    }

    /// {@return the first name that is not taken, or that becomes free by this}
    private String free(
            CheckpointName template, Map<String, Double> values, Optional<String> displaced) {
        String plain = template.render(values);
        String name = plain + template.ending();
        for (int version = policy.firstVersion();
                taken(name) && !displaced.equals(Optional.of(name));
                version++) {
            name = template.version(plain, version) + template.ending();
        }
        return name;
    }

    private boolean taken(String name) {
        return foreign.contains(name)
                || last.equals(Optional.of(name))
                || kept.stream().anyMatch(each -> each.name().equals(name));
    }

    // ---- state

    @Override
    public Fields stateDict() {
        var state =
                Fields.empty()
                        .with("folder", absolute(policy.folder()).toString())
                        .with("kept", new Items(kept.stream().map(KeptCheckpoints::write).toList()))
                        .with("foreign", texts(foreign))
                        .with("obsolete", texts(obsolete))
                        .with("steps", steps);
        state = last.isPresent() ? state.with("last", last.get()) : state;
        state = current.isPresent() ? state.with("current", current.getAsDouble()) : state;
        var best =
                extreme(kept, policy.mode())
                        .map(found -> path(found.name()))
                        .or(() -> bestElsewhere);
        return best.isPresent() ? state.with("best", absolute(best.get()).toString()) : state;
    }

    private static LoopState write(Kept each) {
        var fields = Fields.of("name", new Text(each.name()));
        return each.score().isPresent() ? fields.with("score", each.score().getAsDouble()) : fields;
    }

    private static Kept read(LoopState state) {
        var fields = (Fields) state;
        return new Kept(fields.text("name"), real(fields, "score"));
    }

    private static OptionalDouble real(Fields fields, String name) {
        return fields.has(name) ? OptionalDouble.of(fields.real(name)) : OptionalDouble.empty();
    }

    private static Items texts(Collection<String> texts) {
        return new Items(texts.stream().<LoopState>map(Text::new).toList());
    }

    private static List<String> texts(List<LoopState> texts) {
        return texts.stream().map(text -> ((Text) text).value()).toList();
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    @Override
    public void loadStateDict(Fields state) {
        kept.clear();
        obsolete.clear();
        latest.clear();
        last = Optional.empty();
        current = OptionalDouble.empty();
        bestElsewhere =
                state.has("best")
                        ? Optional.of(Path.of(state.text("best")))
                                .filter(best -> !absolute(policy.folder()).equals(best.getParent()))
                        : Optional.empty();
        steps = state.num("steps");
        loaded = true;
        if (!state.text("folder").equals(absolute(policy.folder()).toString())) {
            LOG.log(
                    Level.WARNING,
                    "ModelCheckpoint: the folder was {0} and is {1}; of what was kept only the path of the best is taken over, nothing there is deleted",
                    state.text("folder"),
                    absolute(policy.folder()));
            return;
        }
        state.items("kept").forEach(each -> kept.add(read(each)));
        foreign.clear();
        foreign.addAll(texts(state.items("foreign")));
        obsolete.addAll(texts(state.items("obsolete")));
        last = state.has("last") ? Optional.of(state.text("last")) : Optional.empty();
        current = real(state, "current");
    }
}
