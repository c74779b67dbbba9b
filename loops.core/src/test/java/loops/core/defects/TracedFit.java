package loops.core.defects;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;

/// A fit with a trace, made again for each run, equal each time.
///
/// @param trace makes the trace
/// @param tree makes the loops, which write into the trace
/// @param module makes the module
/// @param data makes the data
/// @param plan says how long to train
/// @param callbacks makes what listens beside the trace
record TracedFit(
        Supplier<? extends Trace> trace,
        Function<Trace, Loop<FitRun, FitResult>> tree,
        Supplier<? extends TrainingModule> module,
        Supplier<DataModule> data,
        Consumer<FitPlan.Config> plan,
        Supplier<List<Callback>> callbacks) {

    /// One run of it, before its start or after its end.
    record Run(Trace trace, Loop<FitRun, FitResult> tree, FitRun input) {
        FitResult run() {
            return tree.run(input);
        }

        Scenario<FitRun, FitResult> scenario() {
            return new Scenario<>(tree, input, world(input));
        }

        private static Stateful world(FitRun run) {
            return new Stateful() {
                @Override
                public Fields stateDict() {
                    return Fields.of("hooks", run.hooks().stateDict())
                            .with("data", run.data().stateDict())
                            .with("scope", run.scope().stateDict());
                }

                @Override
                public void loadStateDict(Fields state) {
                    run.hooks().loadStateDict(state.fields("hooks"));
                    run.data().loadStateDict(state.fields("data"));
                    run.scope().loadStateDict(state.fields("scope"));
                }
            };
        }
    }

    /// A fit by the default tree.
    static TracedFit of(
            Supplier<? extends TrainingModule> module,
            Supplier<DataModule> data,
            Consumer<FitPlan.Config> plan) {
        return new TracedFit(Trace::new, Trace::tree, module, data, plan, List::of);
    }

    TracedFit tree(Function<Trace, Loop<FitRun, FitResult>> other) {
        return new TracedFit(trace, other, module, data, plan, callbacks);
    }

    TracedFit trace(Supplier<? extends Trace> other) {
        return new TracedFit(other, tree, module, data, plan, callbacks);
    }

    TracedFit callbacks(Supplier<List<Callback>> other) {
        return new TracedFit(trace, tree, module, data, plan, other);
    }

    /// {@return a new run}
    Run make() {
        var writes = trace.get();
        var learner = module.get();
        var listening = new ArrayList<Callback>(List.of(writes));
        listening.addAll(callbacks.get());
        var input =
                new FitRun(
                        TrainingScope.of(learner, RandomKey.of(1)),
                        data.get(),
                        new Hooks(listening, learner),
                        FitPlan.of(plan),
                        new SaveRequest());
        return new Run(writes, tree.apply(writes), input);
    }

    /// {@return a run that has come to its end}
    Run ended() {
        var run = make();
        run.run();
        return run;
    }

    /// {@return what it does} Cut at any safe point and gone on with by new objects, it does the same, to the bit.
    String traceWhereverItIsCut() {
        ResumeCheck.everyCut(() -> make().scenario());
        return ended().trace().text();
    }
}
