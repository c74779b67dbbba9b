package loops.core.loop;

import java.util.List;
import loops.core.training.Activity;
import loops.core.training.EvaluationRun;
import loops.core.training.HookPoint;
import loops.core.training.RunView;
import loops.core.training.StepResult;
import tensor.data.Batch;

/// The hooks of an evaluation under the names of its activity: validation, sanity check and test differ in nothing else.
enum EvaluationHooks {
    VALIDATION {
        @Override
        void start(EvaluationRun run, RunView view) {
            run.hooks()
                    .call(HookPoint.VALIDATION_START, view, hook -> hook.onValidationStart(view));
            run.hooks()
                    .call(
                            HookPoint.VALIDATION_EPOCH_START,
                            view,
                            hook -> hook.onValidationEpochStart(view));
        }

        @Override
        void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks()
                    .call(
                            HookPoint.VALIDATION_BATCH_START,
                            view,
                            hook -> hook.onValidationBatchStart(view, batch, index, loader));
        }

        @Override
        HookPoint step() {
            return HookPoint.VALIDATION_STEP;
        }

        @Override
        void batchEnd(
                EvaluationRun run,
                RunView view,
                StepResult result,
                Batch batch,
                int index,
                int loader) {
            run.hooks()
                    .call(
                            HookPoint.VALIDATION_BATCH_END,
                            view,
                            hook -> hook.onValidationBatchEnd(view, result, batch, index, loader));
        }

        @Override
        void results(EvaluationRun run, RunView view, List<List<StepResult>> results) {
            run.hooks()
                    .callModule(
                            HookPoint.VALIDATION_RESULTS,
                            view,
                            module -> module.validationEpochEnd(view, results));
        }

        @Override
        void epochEnd(EvaluationRun run, RunView view) {
            run.hooks()
                    .call(
                            HookPoint.VALIDATION_EPOCH_END,
                            view,
                            hook -> hook.onValidationEpochEnd(view));
        }

        @Override
        void end(EvaluationRun run, RunView view) {
            run.hooks().call(HookPoint.VALIDATION_END, view, hook -> hook.onValidationEnd(view));
        }
    },
    TEST {
        @Override
        void start(EvaluationRun run, RunView view) {
            run.hooks().call(HookPoint.TEST_START, view, hook -> hook.onTestStart(view));
            run.hooks().call(HookPoint.TEST_EPOCH_START, view, hook -> hook.onTestEpochStart(view));
        }

        @Override
        void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks()
                    .call(
                            HookPoint.TEST_BATCH_START,
                            view,
                            hook -> hook.onTestBatchStart(view, batch, index, loader));
        }

        @Override
        HookPoint step() {
            return HookPoint.TEST_STEP;
        }

        @Override
        void batchEnd(
                EvaluationRun run,
                RunView view,
                StepResult result,
                Batch batch,
                int index,
                int loader) {
            run.hooks()
                    .call(
                            HookPoint.TEST_BATCH_END,
                            view,
                            hook -> hook.onTestBatchEnd(view, result, batch, index, loader));
        }

        @Override
        void results(EvaluationRun run, RunView view, List<List<StepResult>> results) {
            run.hooks()
                    .callModule(
                            HookPoint.TEST_RESULTS,
                            view,
                            module -> module.testEpochEnd(view, results));
        }

        @Override
        void epochEnd(EvaluationRun run, RunView view) {
            run.hooks().call(HookPoint.TEST_EPOCH_END, view, hook -> hook.onTestEpochEnd(view));
        }

        @Override
        void end(EvaluationRun run, RunView view) {
            run.hooks().call(HookPoint.TEST_END, view, hook -> hook.onTestEnd(view));
        }
    };

    static EvaluationHooks of(EvaluationRun run) {
        return run.activity() == Activity.TEST ? TEST : VALIDATION;
    }

    abstract void start(EvaluationRun run, RunView view);

    abstract void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader);

    abstract HookPoint step();

    abstract void batchEnd(
            EvaluationRun run, RunView view, StepResult result, Batch batch, int index, int loader);

    abstract void results(EvaluationRun run, RunView view, List<List<StepResult>> results);

    abstract void epochEnd(EvaluationRun run, RunView view);

    abstract void end(EvaluationRun run, RunView view);
}
