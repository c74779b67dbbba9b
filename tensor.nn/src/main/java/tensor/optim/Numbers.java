package tensor.optim;

import java.util.List;
import java.util.Optional;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Numbers that change from step to step, as inputs of a [tensor.api.Fusion]; for many parameters made once.
final class Numbers {
    private static final ScopedValue<Feed> FEED = ScopedValue.newInstance();

    /// Hears of all numbers, and may say where they stand.
    interface Feed {
        /// {@return a float64 tensor `[n]` that holds these numbers, or will; empty if they are to be uploaded}
        Optional<Tensor> place(double[] values);
    }

    private final double[] values;
    private final Optional<Tensor> place;
    private List<Tensor> made = List.of();

    private Numbers(double[] values, Optional<Tensor> place) {
        this.values = values;
        this.place = place;
    }

    /// Says numbers where no tensor needs them.
    static void say(double... values) {
        if (FEED.isBound()) {
            FEED.get().place(values);
        }
    }

    static Numbers of(double... values) {
        return new Numbers(values, FEED.isBound() ? FEED.get().place(values) : Optional.empty());
    }

    /// Runs `body` while a feed hears of all numbers.
    static void fed(Feed feed, Runnable body) {
        ScopedValue.where(FEED, feed).run(body);
    }

    /// {@return tensors, and behind them the numbers in the type of the first}
    Tensor[] behind(List<Tensor> tensors) {
        Tensor like = tensors.getFirst();
        if (made.isEmpty()
                || made.getFirst().dtype() != like.dtype()
                || !made.getFirst().device().equals(like.device())) {
            made = made(like);
        }
        Tensor[] inputs = tensors.toArray(new Tensor[tensors.size() + values.length]);
        for (int i = 0; i < values.length; i++) {
            inputs[tensors.size() + i] = made.get(i);
        }
        return inputs;
    }

    private List<Tensor> made(Tensor like) {
        Tensor wide =
                place.orElseGet(
                        () -> like.device().with(() -> Tensor.of(values, Shape.of(values.length))));
        Tensor all = wide.cast(like.dtype());
        Tensor[] each = new Tensor[values.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = all.select(0, i);
        }
        return List.of(each);
    }
}
