package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Text;
import org.junit.jupiter.api.Test;

/// A state goes into an equal tree or nowhere.
class LoadStateDictTest {
    private final Epochs loop = new Epochs();
    private final Slot<List<String>, String> root = Slot.root("fit_loop", loop);

    @Test
    void theStateOfATreeIsNestedByItsNames() {
        assertEquals(
                """
                epoch_progress.total.ready = 0
                epoch_progress.total.completed = 0
                epoch_progress.current.ready = 0
                epoch_progress.current.completed = 0
                fold = {}
                epoch_loop.count = 0
                best.score = 0.5\
                """,
                shown(loop.stateDict()));
        assertEquals("fit_loop", root.path());
    }

    @Test
    void missingAndUnknownKeysAreListedTogether() {
        loop.best.set(0.9);
        var state = new Epochs().stateDict().with("extra", 1).with("best_score", 0.1);
        state = with(state, "best", Fields.of("loss", new Num(1)));
        state = with(state, "epoch_loop", Fields.of("counts", new Num(1)));
        state =
                with(
                        state,
                        "epoch_progress",
                        Fields.of("total", Fields.of("ready", new Num(1)).with("started", 2)));
        state = with(state, "fold", Fields.of("status", Fields.empty()));

        refused(
                "loadStateDict: the state does not fit the loop 'fit_loop': missing [fit_loop.epoch_progress.total.completed, fit_loop.epoch_progress.current, fit_loop.epoch_loop.count, fit_loop.best.score], unknown [fit_loop.epoch_progress.total.started, fit_loop.fold.status, fit_loop.epoch_loop.counts, fit_loop.best.loss, fit_loop.extra, fit_loop.best_score]; load it into the tree of loops that saved it",
                state);
    }

    @Test
    void aValueOfAnotherKindIsRefusedWithItsPath() {
        refused(
                "loadStateDict: 'fit_loop.best.score' cannot be read: found \"x\", needs to be a real number",
                with(loop.stateDict(), "best", Fields.of("score", new Text("x"))));
        refused(
                "loadStateDict: 'fit_loop.epoch_loop' is 3, needs to be the state of a loop",
                with(loop.stateDict(), "epoch_loop", new Num(3)));
        refused(
                "loadStateDict: 'fit_loop.fold' is 3, needs to be named fields",
                with(loop.stateDict(), "fold", new Num(3)));
        refused(
                "loadStateDict: 'fit_loop.epoch_progress.total' is 3, needs to be counts",
                with(
                        loop.stateDict(),
                        "epoch_progress",
                        Fields.of("total", new Num(3)).with("current", 4)));
    }

    @Test
    void aFrameThatMakesNoSenseIsRefused() {
        refused("loadStateDict: 'run' is 3, needs to be named fields", run(new Num(3)));
        refused("loadStateDict: no 'phase'; found []", run(Fields.empty()));
        refused(
                "loadStateDict: no phase 'idle' in a run frame",
                run(Fields.of("phase", new Text("idle"))));
        refused(
                "loadStateDict: no 'input'; found [phase]",
                run(Fields.of("phase", new Text("advance"))));
        refused("loadStateDict: no 'log'; found [phase, input]", run(frame("advance")));
        refused("loadStateDict: no 'output'; found [phase, input]", run(frame("ended")));
        refused(
                "loadStateDict: 2 calls with 0 outputs in a run frame",
                run(frame("advance").with("log", calls(true, List.of("a", "b"), List.of()))));
        refused(
                "loadStateDict: an output in a run frame is 7, needs to be a list of at most one",
                run(frame("advance").with("log", calls(false, List.of("a"), List.of(new Num(7))))));
    }

    @Test
    void aRunningLoopIsNotLoaded() {
        var state = loop.stateDict();
        var running =
                new Steps("fit", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        loadStateDict(state);
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> running.run(new ArrayList<>()));

        assertEquals("loadStateDict: 'Steps' is running; load before the run", error.getMessage());
    }

    @Test
    void aLoopInTheMiddleOfAStepHasNoState() {
        var running =
                new Steps("fit", 1) {
                    @Override
                    protected void advance(List<String> in) {
                        stateDict();
                    }
                };

        var error = assertThrows(IllegalStateException.class, () -> running.run(new ArrayList<>()));

        assertEquals(
                "stateDict: 'Steps' is in the middle of advance; take the state at a safe point, see run(input, safePoints)",
                error.getMessage());
    }

    // ---- versions

    @Test
    void theFirstVersionIsNotWritten() {
        assertEquals(Fields.empty().with("count", 0), new Steps("x", 1).stateDict());
        assertEquals(Fields.empty().with("version", 2).with("total", 0), new Second().stateDict());
    }

    @Test
    void anEarlierVersionIsMigrated() {
        var old = new Steps("x", 1);
        old.count.set(4);
        var now = new Second();

        now.loadStateDict(old.stateDict());

        assertEquals(40, now.total.get());
        assertEquals(Fields.empty().with("version", 2).with("total", 40), now.stateDict());
    }

    @Test
    void aVersionThatCannotBeReadIsRefused() {
        refused(
                "loadStateDict: 'fit_loop' was saved with version 3 of its state and has version 1 now; override migrate to read it",
                loop.stateDict().with("version", 3));
    }

    @Test
    void anInterruptedRunIsMigratedWithItsFrame() {
        var log = new ArrayList<String>();
        var state = Cuts.at(2, new Steps("x", 3), log);
        log.clear();
        var now = new Second();

        now.loadStateDict(state);
        now.run(log);

        assertEquals(List.of("advance 20", "advance 21"), log);
    }

    private static final class Second extends Loop<List<String>, String> {
        final Cell<Integer> total = cell("total", 0);

        @Override
        protected boolean done(List<String> log) {
            return total.get() > 21;
        }

        @Override
        protected void advance(List<String> log) {
            log.add("advance " + total.get());
            total.set(total.get() + 1);
        }

        @Override
        protected int stateVersion() {
            return 2;
        }

        @Override
        protected Fields migrate(int version, Fields state) {
            var now = Fields.empty().with("total", 10 * state.num("count"));
            return state.has("run") ? now.with("run", state.get("run")) : now;
        }
    }

    private static final class Epochs extends Loop<List<String>, String> {
        final Cell<Double> best;

        Epochs() {
            progress("epoch_progress", Progress.READY_COMPLETED);
            held("fold");
            slot("epoch_loop", new Steps("epoch", 1));
            best = cell("best.score", 0.5);
        }

        @Override
        protected boolean done(List<String> in) {
            return true;
        }

        @Override
        protected void advance(List<String> in) {}
    }

    private static String shown(Fields state) {
        return String.join(
                "\n",
                state.leaves().entrySet().stream()
                        .map(leaf -> leaf.getKey() + " = " + leaf.getValue())
                        .toList());
    }

    private static Fields with(Fields state, String name, LoopState value) {
        var entries = new LinkedHashMap<>(state.entries());
        entries.put(name, value);
        return new Fields(entries);
    }

    private Fields run(LoopState frame) {
        return loop.stateDict().with("run", frame);
    }

    private static Fields frame(String phase) {
        return Fields.of("phase", new Text(phase)).with("input", Fields.empty());
    }

    private static Fields calls(boolean open, List<String> names, List<LoopState> outputs) {
        return Fields.of("calls", new Items(names.stream().<LoopState>map(Text::new).toList()))
                .with("outputs", new Items(outputs))
                .with("open", open);
    }

    /// Nothing changes where a load is refused.
    private void refused(String message, Fields state) {
        var before = loop.stateDict();

        var error = assertThrows(IllegalArgumentException.class, () -> loop.loadStateDict(state));

        assertEquals(message, error.getMessage());
        assertEquals(before, loop.stateDict());
    }
}
