package loops.core.loop;

import loops.core.training.Activity;
import loops.core.training.EvaluationRun;
import loops.core.training.RunView;
import tensor.data.Batch;

/// The hooks of an evaluation under the names of its activity: validation, sanity check and test differ in nothing else.
enum EvaluationHooks {
    VALIDATION {
        @Override
        void start(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onValidationStart(view));
            run.hooks().call(hook -> hook.onValidationEpochStart(view));
        }

        @Override
        void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks().call(hook -> hook.onValidationBatchStart(view, batch, index, loader));
        }

        @Override
        void batchEnd(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks().call(hook -> hook.onValidationBatchEnd(view, batch, index, loader));
        }

        @Override
        void epochEnd(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onValidationEpochEnd(view));
        }

        @Override
        void end(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onValidationEnd(view));
        }
    },
    TEST {
        @Override
        void start(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onTestStart(view));
            run.hooks().call(hook -> hook.onTestEpochStart(view));
        }

        @Override
        void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks().call(hook -> hook.onTestBatchStart(view, batch, index, loader));
        }

        @Override
        void batchEnd(EvaluationRun run, RunView view, Batch batch, int index, int loader) {
            run.hooks().call(hook -> hook.onTestBatchEnd(view, batch, index, loader));
        }

        @Override
        void epochEnd(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onTestEpochEnd(view));
        }

        @Override
        void end(EvaluationRun run, RunView view) {
            run.hooks().call(hook -> hook.onTestEnd(view));
        }
    };

    static EvaluationHooks of(EvaluationRun run) {
        return run.activity() == Activity.TEST ? TEST : VALIDATION;
    }

    abstract void start(EvaluationRun run, RunView view);

    abstract void batchStart(EvaluationRun run, RunView view, Batch batch, int index, int loader);

    abstract void batchEnd(EvaluationRun run, RunView view, Batch batch, int index, int loader);

    abstract void epochEnd(EvaluationRun run, RunView view);

    abstract void end(EvaluationRun run, RunView view);
}
