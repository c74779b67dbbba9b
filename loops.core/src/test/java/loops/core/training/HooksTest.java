package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.core.Slope;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;

class HooksTest {
    private final List<String> heard = new ArrayList<>();
    private final RunView view =
            new RunView(
                    Activity.TRAINING,
                    TrainingScope.of(new Slope(), RandomKey.of(1)),
                    FitPlan.of(config -> {}),
                    0,
                    OptionalInt.empty(),
                    new SaveRequest());

    /// Writes down its name, with a number as its state.
    private final class Named implements Callback {
        private final String name;
        private long state;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String stateKey() {
            return name;
        }

        @Override
        public void onFitStart(RunView run) {
            heard.add(name);
            if (state == 13) {
                throw new IllegalStateException(name);
            }
        }

        @Override
        public Fields stateDict() {
            return state == 0 ? Fields.empty() : Fields.empty().with("state", state);
        }

        @Override
        public void loadStateDict(Fields saved) {
            state = saved.num("state");
        }
    }

    /// A module that writes down its name.
    private final class Listening extends Slope {
        private final String name;

        Listening(String name) {
            this.name = name;
        }

        @Override
        public void onFitStart(RunView run) {
            heard.add(name);
        }
    }

    @Test
    void aCallbackOfAnAnonymousClassIsNamedByTheClassAround() {
        var direct = new Callback() {};
        Supplier<Callback> inner =
                new Supplier<>() {
                    @Override
                    public Callback get() {
                        return new Callback() {};
                    }
                };

        assertEquals("a callback of HooksTest", direct.stateKey());
        assertEquals("a callback of HooksTest", inner.get().stateKey());
    }

    @Test
    void callbacksAreCalledInTheirOrderAndThenTheModule() {
        var hooks = new Hooks(List.of(new Named("b"), new Named("a")), new Listening("module"));

        hooks.call(HookPoint.FIT_START, view, hook -> hook.onFitStart(view));
        hooks.callCallbacks(HookPoint.FIT_START, view, hook -> hook.onFitStart(view));
        hooks.with(List.of(new Named("c")), new Listening("other"))
                .call(HookPoint.FIT_START, view, hook -> hook.onFitStart(view));

        assertEquals(List.of("b", "a", "module", "b", "a", "b", "a", "c", "other"), heard);
    }

    @Test
    void whatAListenerThrowsLeavesAtOnceUnlessAllAreToHear() {
        var bad = new Named("bad");
        bad.state = 13;
        var hooks = new Hooks(List.of(bad, new Named("good")), new Listening("module"));

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> hooks.call(HookPoint.FIT_START, view, hook -> hook.onFitStart(view)));
        assertEquals("bad", thrown.getMessage());
        assertEquals(List.of("bad"), heard);

        var all = hooks.callAll(HookPoint.FIT_START, view, hook -> hook.onFitStart(view));
        assertEquals(1, all.size());
        assertEquals(List.of("bad", "bad", "good", "module"), heard);
    }

    @Test
    void theirStatesAreSavedByTheirKeysUnlessEmpty() {
        var counting = new Named("counting");
        counting.state = 4;
        var saved =
                new Hooks(List.of(new Named("plain"), counting), new Listening("m")).stateDict();
        var again = new Named("counting");
        var added = new Named("added");

        new Hooks(List.of(again, added), new Listening("m")).loadStateDict(saved);

        assertEquals(Fields.of("counting", Fields.empty().with("state", 4)), saved);
        assertEquals(4, again.state);
        assertEquals(0, added.state);
    }

    @Test
    void aStateOfNoCallbackIsRefused() {
        var hooks = new Hooks(List.of(new Named("a")), new Listening("m"));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> hooks.loadStateDict(Fields.of("b", Fields.empty())));

        assertEquals(
                "Hooks.loadStateDict: the state of callbacks [b] was saved, but the run has [a];"
                        + " add them, or leave them out by Resume.without(..)",
                refused.getMessage());
    }

    @Test
    void twoStatesUnderOneKeyAreRefused() {
        var one = new Named("a");
        var other = new Named("a");
        var hooks = new Hooks(List.of(one, other), new Listening("m"));
        one.state = 1;
        other.state = 2;

        var refused =
                assertThrows(IllegalArgumentException.class, () -> hooks.requireStatesApart());

        assertEquals(
                "Hooks: two callbacks have the state key 'a'; override stateKey() in one of them",
                refused.getMessage());
    }

    @Test
    void callbacksWithoutAStateMayHaveOneKey() {
        var hooks = new Hooks(List.of(new Named("a"), new Named("a")), new Listening("m"));

        assertEquals(Fields.empty(), hooks.stateDict());
    }
}
