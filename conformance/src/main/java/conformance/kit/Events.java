package conformance.kit;

import conformance.kit.Event.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import loops.core.training.Activity;
import loops.core.training.Limit;
import loops.core.training.LoaderRun;
import loops.core.training.RunView;
import loops.core.training.Step;

/// What happened in the runs of a scenario, in order, and what is done when it happens.
public final class Events implements Recorder {
    /// Stands before the name of what a callback heard.
    public static final String CALLBACK = "Callback.";

    /// What was to be taken of a data loader.
    ///
    /// @param activity what for
    /// @param index the data loader, from 0
    /// @param batches how many batches, if that is known
    /// @param limit the limit that says so
    public record Loader(Activity activity, int index, OptionalInt batches, Limit limit) {}

    private final List<Loader> loaders = new ArrayList<>();
    private final List<Event> all = new ArrayList<>();
    private final Map<String, List<Consumer<Event>>> reactions = new LinkedHashMap<>();
    private final List<Consumer<Event>> always = new ArrayList<>();
    private Optional<RunView> latestRun = Optional.empty();
    private int epochs;

    /// Nothing yet.
    public Events() {}

    /// Does something whenever an event begins, after it was recorded.
    ///
    /// @param name the name of the event
    /// @param reaction what to do; may throw, as user code may
    public void on(String name, Consumer<Event> reaction) {
        reactions.computeIfAbsent(name, none -> new ArrayList<>()).add(reaction);
    }

    /// Does something whenever any event begins, after it was recorded.
    ///
    /// @param reaction what to do; may throw, as user code may
    public void onEach(Consumer<Event> reaction) {
        always.add(reaction);
    }

    @Override
    public void hook(String name, RunView run, Place place) {
        latestRun = Optional.of(run);
        begin(new Event(name, true, place, Optional.of(run), Optional.empty()));
        end(new Event(name, false, place, Optional.of(run), Optional.empty()));
    }

    @Override
    public void step(String name, Step step) {
        begin(new Event(name, true, placeOf(step), Optional.empty(), Optional.of(step)));
    }

    @Override
    public void begin(String name, Place place) {
        begin(new Event(name, true, place, Optional.empty(), Optional.empty()));
    }

    @Override
    public void end(String name, Place place) {
        end(new Event(name, false, place, Optional.empty(), Optional.empty()));
    }

    @Override
    public void loader(LoaderRun run) {
        loaders.add(
                new Loader(
                        run.evaluation().activity(),
                        run.loaderIndex(),
                        run.batchCount(),
                        run.evaluation().limit()));
    }

    private void end(Event event) {
        all.add(event);
        if (event.name().equals("on_train_epoch_end")) {
            epochs++;
        }
    }

    private void begin(Event event) {
        all.add(event);
        reactions.getOrDefault(event.name(), List.of()).forEach(each -> each.accept(event));
        always.forEach(each -> each.accept(event));
    }

    /// {@return where a step stands}
    ///
    /// @param step the step
    public static Place placeOf(Step step) {
        return new Place(
                step.epoch(),
                step.batchIndex(),
                step.loaderIndex(),
                step.optimizerIndex(),
                step.globalStep());
    }

    // ---- afterwards

    /// {@return all that began and ended}
    public List<Event> all() {
        return all;
    }

    /// {@return all that began}
    public Stream<Event> begun() {
        return all.stream().filter(Event::entered);
    }

    /// {@return all events of a name, as they began}
    ///
    /// @param name the name
    public Stream<Event> of(String name) {
        return begun().filter(event -> event.name().equals(name));
    }

    /// {@return how often something happened}
    ///
    /// @param name its name
    public int count(String name) {
        return (int) of(name).count();
    }

    /// {@return how often something happened at certain places}
    ///
    /// @param name its name
    /// @param where the places
    public int count(String name, Predicate<Place> where) {
        return (int) of(name).filter(event -> where.test(event.place())).count();
    }

    /// {@return something of each event of a name}
    ///
    /// @param <T> what is taken of each
    /// @param name the name
    /// @param what takes it
    public <T> List<T> each(String name, Function<Place, T> what) {
        return of(name).map(event -> what.apply(event.place())).toList();
    }

    /// {@return what hooks last looked at}
    public Optional<RunView> latestRun() {
        return latestRun;
    }

    /// {@return how many epochs have ended: the number of the epoch that is being trained}
    public int epoch() {
        return epochs;
    }

    /// {@return the data loaders that were gone through}
    public List<Loader> loaders() {
        return loaders;
    }

    /// Forgets what happened; what is done when it happens stays.
    public void forget() {
        all.clear();
        epochs = 0;
        loaders.clear();
    }
}
