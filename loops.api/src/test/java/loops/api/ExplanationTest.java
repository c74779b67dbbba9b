package loops.api;

import static loops.api.Call.calls;
import static loops.api.Call.each;
import static loops.api.Call.runs;
import static loops.api.Call.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import loops.api.testkit.PassThrough;
import org.junit.jupiter.api.Test;

/// A tree says what it is and does.
class ExplanationTest {
    private final Fit fit = new Fit();

    ExplanationTest() {
        Slot.root("fit_loop", fit);
    }

    @Test
    void theTextHasTypesPartsMethodsAndChildren() {
        assertEquals(
                """
                fit_loop: Fit, Run → Optional<String>
                  epoch_progress: progress of ready, started, processed, completed
                  best: cell of a real number
                  fold: held object
                  new_best: hook of NewBest
                  skip()
                  reset()
                  onRunStart(): when the run is not resumed (runs val_loop), calls onTrainStart
                  done()
                  onAdvanceStart(): calls onTrainEpochStart
                  advance(): runs epoch_loop
                  onAdvanceEnd(): when the epoch is the best (calls new_best), calls onTrainEpochEnd
                  onRunEnd(): calls onTrainEnd
                  epoch_loop: Epoch, Run → Void
                    batch: cell of a whole number
                    done()
                    advance(): for each optimizer (calls onBeforeZeroGrad, calls onBeforeOptimizerStep)
                  val_loop: PassThrough, I → O
                    done()
                    advance()
                    onRunEnd(): runs inner
                    inner: Evaluation, Run → Void
                      loader: cell of a whole number
                      table: derived object
                      done()
                      advance(): calls onValidationBatchStart
                """,
                fit.explain().text());
        assertEquals(fit.explain().text(), fit.explain().toString());
    }

    @Test
    void theChartHasABoxForEachLoopAndAnArrowToEachChild() {
        assertEquals(
                """
                flowchart TD
                  loop0["<b>fit_loop: Fit</b><br/>Run → Optional#60;String#62;<br/>epoch_progress: progress of ready, started, processed, completed<br/>best: cell of a real number<br/>fold: held object<br/>new_best: hook of NewBest<br/>onRunStart(): when the run is not resumed (runs val_loop), calls onTrainStart<br/>onAdvanceStart(): calls onTrainEpochStart<br/>advance(): runs epoch_loop<br/>onAdvanceEnd(): when the epoch is the best (calls new_best), calls onTrainEpochEnd<br/>onRunEnd(): calls onTrainEnd"]
                  loop1["<b>epoch_loop: Epoch</b><br/>Run → Void<br/>batch: cell of a whole number<br/>advance(): for each optimizer (calls onBeforeZeroGrad, calls onBeforeOptimizerStep)"]
                  loop0 -->|advance| loop1
                  loop2["<b>val_loop: PassThrough</b><br/>I → O<br/>onRunEnd(): runs inner"]
                  loop3["<b>inner: Evaluation</b><br/>Run → Void<br/>loader: cell of a whole number<br/>table: derived object<br/>advance(): calls onValidationBatchStart"]
                  loop2 -->|onRunEnd| loop3
                  loop0 -->|onRunStart| loop2
                """,
                fit.explain().mermaid());
    }

    @Test
    void theTableHasARowForEachMethodThatCallsSomething() {
        assertEquals(
                """
                | loop | method | calls, in order |
                |---|---|---|
                | `fit_loop` | `onRunStart` | when the run is not resumed (runs val_loop), calls onTrainStart |
                | `fit_loop` | `onAdvanceStart` | calls onTrainEpochStart |
                | `fit_loop` | `advance` | runs epoch_loop |
                | `fit_loop` | `onAdvanceEnd` | when the epoch is the best (calls new_best), calls onTrainEpochEnd |
                | `fit_loop` | `onRunEnd` | calls onTrainEnd |
                | `fit_loop.epoch_loop` | `advance` | for each optimizer (calls onBeforeZeroGrad, calls onBeforeOptimizerStep) |
                | `fit_loop.val_loop` | `onRunEnd` | runs inner |
                | `fit_loop.val_loop.inner` | `advance` | calls onValidationBatchStart |
                """,
                fit.explain().hookTable());
    }

    @Test
    void aTreeWithoutAPlaceIsCalledByItsClass() {
        var loop = new Epoch();

        assertEquals("Epoch", loop.explain().title());
        assertEquals(
                "| `Epoch` | `advance` | for each optimizer (calls onBeforeZeroGrad, calls onBeforeOptimizerStep) |",
                loop.explain().hookTable().lines().skip(2).findFirst().orElseThrow());
    }

    @Test
    void aLoopThatSaysNothingOfItsHooksIsExplainedAllTheSame() {
        var loop =
                new Steps.Outer("outer", 1, new Steps("inner", 1)) {
                    private final Cell<Object> any =
                            cell(
                                    "any \"thing\" #1",
                                    new Codec<>() {
                                        @Override
                                        public LoopState encode(Object value) {
                                            return new LoopState.Text(value.toString());
                                        }

                                        @Override
                                        public Object decode(LoopState state) {
                                            return state;
                                        }
                                    },
                                    "");

                    @Override
                    protected void onResume(List<String> log) {
                        any.set("resumed");
                    }
                };

        assertEquals(
                """
                Outer, List<String> → String
                  count: cell of a whole number
                  any "thing" #1: cell
                  reset()
                  onResume()
                  onRunStart()
                  done()
                  onAdvanceStart()
                  advance()
                  onAdvanceEnd()
                  onRunEnd()
                  child: Steps, List<String> → String
                    count: cell of a whole number
                    reset()
                    onResume()
                    onRunStart()
                    done()
                    onAdvanceStart()
                    advance()
                    onAdvanceEnd()
                    onRunEnd()
                """,
                loop.explain().text());
        assertEquals(
                """
                flowchart TD
                  loop0["<b>Outer</b><br/>List#60;String#62; → String<br/>count: cell of a whole number<br/>any #34;thing#34; #35;1: cell"]
                  loop1["<b>child: Steps</b><br/>List#60;String#62; → String<br/>count: cell of a whole number"]
                  loop0 --> loop1
                """,
                loop.explain().mermaid());
    }

    @Test
    void aSubclassSaysWhatItChanges() {
        var loop =
                new Epoch() {
                    @Override
                    protected HookOrder hookOrder() {
                        return super.hookOrder()
                                .onSkip(calls("onSkipped"))
                                .onResume(calls("onResumed"))
                                .reset(calls("onReset"))
                                .advance(calls("mine"));
                    }
                };

        assertEquals(
                """
                Epoch, Run → Void
                  batch: cell of a whole number
                  onSkip(): calls onSkipped
                  reset(): calls onReset
                  onResume(): calls onResumed
                  done()
                  advance(): calls mine
                """,
                loop.explain().text());
        assertEquals(
                "{advance=[calls mine], onSkip=[calls onSkipped], onResume=[calls onResumed], reset=[calls onReset]}",
                loop.hookOrder().toString());
    }

    @Test
    void aChildThatIsNotThereIsRefused() {
        var loop =
                new Fit() {
                    @Override
                    protected HookOrder hookOrder() {
                        return HookOrder.NONE.advance(
                                when("ever", each("time", new Call.ToChild("batch_loop"))));
                    }
                };

        var error = assertThrows(IllegalArgumentException.class, loop::explain);

        assertEquals(
                "explain: Fit runs 'batch_loop' in advance, as its hookOrder() says, and has the children [epoch_loop, val_loop]; name one of them",
                error.getMessage());
    }

    private record Run() {}

    private record NewBest(double score) {}

    private static class Fit extends Loop<Run, Optional<String>> {
        final Slot<Run, Void> epoch = slot("epoch_loop", new Epoch());
        final Slot<Run, Void> validation = slot("val_loop", new PassThrough<>(new Evaluation()));
        final Hook<NewBest> newBest;

        Fit() {
            progress("epoch_progress");
            cell("best", 0.0);
            held("fold");
            newBest = hook("new_best", NewBest.class);
        }

        @Override
        protected boolean skip(Run run) {
            return false;
        }

        @Override
        protected void reset(Run run) {}

        @Override
        protected boolean done(Run run) {
            return true;
        }

        @Override
        protected void advance(Run run) {
            epoch.run(run);
        }

        @Override
        protected Optional<String> onRunEnd(Run run) {
            return Optional.empty();
        }

        @Override
        protected HookOrder hookOrder() {
            return HookOrder.NONE
                    .onRunStart(
                            when("the run is not resumed", runs(validation)), calls("onTrainStart"))
                    .onAdvanceStart(calls("onTrainEpochStart"))
                    .advance(runs(epoch))
                    .onAdvanceEnd(
                            when("the epoch is the best", calls(newBest)), calls("onTrainEpochEnd"))
                    .onRunEnd(calls("onTrainEnd"));
        }
    }

    /// Two levels between the loop and the types of [Loop].
    private abstract static class Named<O, I> extends Loop<I, O> {}

    private static class Epoch extends Named<Void, Run> {
        Epoch() {
            longCell("batch", 0);
        }

        @Override
        protected boolean done(Run run) {
            return true;
        }

        @Override
        protected void advance(Run run) {}

        @Override
        protected HookOrder hookOrder() {
            return HookOrder.NONE.advance(
                    each("optimizer", calls("onBeforeZeroGrad"), calls("onBeforeOptimizerStep")));
        }
    }

    private static final class Evaluation extends Loop<Run, Void> {
        Evaluation() {
            cell("loader", 0);
            derived("table");
        }

        @Override
        protected boolean done(Run run) {
            return true;
        }

        @Override
        protected void advance(Run run) {}

        @Override
        protected HookOrder hookOrder() {
            return HookOrder.NONE.advance(calls("onValidationBatchStart"));
        }
    }
}
