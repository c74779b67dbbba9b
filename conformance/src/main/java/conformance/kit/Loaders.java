package conformance.kit;

import conformance.kit.Event.Place;
import java.util.ArrayList;
import java.util.List;
import loops.api.LoopState;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import tensor.data.BatchSource;

/// The sources of a scenario. It records when it is asked for them, in which epoch.
public final class Loaders implements DataModule {
    /// How many batches a source has if nothing is said.
    public static final int LENGTH = 64;

    private final Events events;
    private BatchSource train;
    private List<BatchSource> validation;
    private List<BatchSource> test;
    private List<BatchSource> prediction;
    private LoopState.Fields state = LoopState.Fields.empty();

    /// Sources as the boring model has them: one of each kind, with 64 batches of one sample.
    ///
    /// @param events where to record
    public Loaders(Events events) {
        this.events = events;
        train = source("train", LENGTH);
        validation = List.of(source("val", LENGTH));
        test = List.of(source("test", LENGTH));
        prediction = List.of(source("predict", LENGTH));
    }

    /// {@return a source of batches of one sample}
    ///
    /// @param name what openings are recorded as
    /// @param count how many batches it has
    public CountedSource source(String name, int count) {
        return CountedSource.random(name, count, 1, events);
    }

    /// Sets what to learn from.
    ///
    /// @param source the source
    public void train(BatchSource source) {
        train = source;
    }

    /// Sets what to validate on.
    ///
    /// @param sources the sources
    public void validation(List<? extends BatchSource> sources) {
        validation = List.copyOf(sources);
    }

    /// Sets what to test on.
    ///
    /// @param sources the sources
    public void test(List<? extends BatchSource> sources) {
        test = List.copyOf(sources);
    }

    /// Sets what to predict for.
    ///
    /// @param sources the sources
    public void prediction(List<? extends BatchSource> sources) {
        prediction = List.copyOf(sources);
    }

    /// Sets the state that is saved with a run.
    ///
    /// @param own the state
    public void remember(LoopState.Fields own) {
        state = own;
    }

    /// Gives every source this number of batches.
    ///
    /// @param count the number
    public void all(int count) {
        train = source("train", count);
        validation = List.of(source("val", count));
        test = List.of(source("test", count));
        prediction = List.of(source("predict", count));
    }

    /// {@return so many sources of one kind}
    ///
    /// @param name what openings are recorded as, with the number of the source
    /// @param sources how many
    /// @param count how many batches each has
    public List<CountedSource> several(String name, int sources, int count) {
        var several = new ArrayList<CountedSource>();
        for (int i = 0; i < sources; i++) {
            several.add(source(name + i, count));
        }
        return several;
    }

    /// {@return the sources to learn from, without recording}
    public BatchSource trainSource() {
        return train;
    }

    /// {@return the sources to validate on, without recording}
    public List<BatchSource> validationSources() {
        return validation;
    }

    @Override
    public void prepareData() {
        events.at("Data.prepare_data", here());
    }

    @Override
    public void setup(Activity activity) {
        events.at("Data.setup(stage=%s)".formatted(HookNames.stage(activity)), here());
    }

    @Override
    public void teardown(Activity activity) {
        events.at("Data.teardown(stage=%s)".formatted(HookNames.stage(activity)), here());
    }

    @Override
    public BatchSource trainBatches() {
        events.at("train_dataloader", here());
        return train;
    }

    @Override
    public List<BatchSource> validationBatches() {
        events.at("val_dataloader", here());
        return validation;
    }

    @Override
    public List<BatchSource> testBatches() {
        events.at("test_dataloader", here());
        return test;
    }

    @Override
    public List<BatchSource> predictionBatches() {
        events.at("predict_dataloader", here());
        return prediction;
    }

    @Override
    public LoopState.Fields stateDict() {
        events.at("Data.state_dict", here());
        return state;
    }

    @Override
    public void loadStateDict(LoopState.Fields loaded) {
        String said = HookNames.plain(StateDict.json(loaded));
        events.at("Data.load_state_dict(%s)".formatted(said), here());
    }

    private Place here() {
        return new Place(events.epoch(), -1, -1, -1, -1);
    }
}
