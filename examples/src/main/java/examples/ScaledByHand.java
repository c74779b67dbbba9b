package examples;

import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.optim.Optimizer;

/// What [ValidationScaled] does, as loops written by hand: what one writes first, and cannot save, resume or swap.
final class ScaledByHand {
    private ScaledByHand() {}

    // @start region=by-hand
    static void train(DigitsClassifier model, NoisyDigits data, Optimizer optimizer, int epochs) {
        BatchSource train = data.trainBatches();
        BatchSource validation = data.validationBatches().getFirst();
        for (int epoch = 0; epoch < epochs; epoch++) {
            try (BatchCursor batches = train.open(epoch, 0)) {
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    TensorScope.run(
                            "step",
                            () -> {
                                optimizer.zeroGrad();
                                model.loss(batch).backward();
                                scaleGradients(optimizer, 1 / loss(model, validation));
                                optimizer.step();
                            });
                }
            }
        }
    }

    private static double loss(DigitsClassifier model, BatchSource validation) {
        double sum = 0;
        try (BatchCursor batches = validation.open(0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                sum += Tensor.noGrad(() -> model.loss(batch)).item();
            }
        }
        return sum;
    }

    private static void scaleGradients(Optimizer optimizer, double scale) {
        for (var parameter : optimizer.parameters()) {
            parameter.mapGrad(gradient -> gradient.mul(scale));
        }
    }
    // @end region=by-hand
}
