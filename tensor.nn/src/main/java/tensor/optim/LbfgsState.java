package tensor.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// What L-BFGS remembers from iteration to iteration. Tensors are flat: all parameters one after the other.
///
/// @param evaluations how often closures have been called
/// @param iterations how many iterations there have been
/// @param last the iteration before; empty before the first
/// @param history what gradients have told of the curvature, oldest first
/// @param scale of the first approximation of the inverse Hessian
record LbfgsState(
        long evaluations,
        long iterations,
        Optional<Last> last,
        List<Curvature> history,
        double scale) {
    /// A step with less curvature than this tells nothing of the Hessian.
    private static final double LEAST_CURVATURE = 1e-10;

    private static final String EVALUATIONS = "func_evals";
    private static final String ITERATIONS = "n_iter";
    private static final String DIRECTION = "d";
    private static final String LENGTH = "t";
    private static final String GRADIENT = "prev_flat_grad";
    private static final String SCALE = "h_diag";
    private static final String CHANGE = "old_dirs.";
    private static final String STEP = "old_stps.";

    /// The iteration before.
    ///
    /// @param direction in which it went
    /// @param length how far, in multiples of the direction
    /// @param gradient where it began
    record Last(Tensor direction, double length, Tensor gradient) {}

    /// One step and what it changed.
    ///
    /// @param change of the gradient
    /// @param step of the parameters
    /// @param inverse 1 / (change · step)
    record Curvature(Tensor change, Tensor step, double inverse) {
        static Curvature of(Tensor change, Tensor step) {
            return new Curvature(change, step, 1 / dot(change, step));
        }
    }

    LbfgsState {
        history = List.copyOf(history);
    }

    static LbfgsState empty() {
        return new LbfgsState(0, 0, Optional.empty(), List.of(), 1);
    }

    /// {@return the state at the beginning of an iteration, with the direction in which it is to go}
    ///
    /// @param gradient where it begins
    /// @param historySize how many steps tell of the Hessian
    LbfgsState turned(Tensor gradient, int historySize) {
        if (last.isEmpty()) {
            Last first = new Last(gradient.neg(), 0, gradient);
            return new LbfgsState(evaluations, 1, Optional.of(first), List.of(), 1);
        }
        List<Curvature> known = new ArrayList<>(history);
        double nextScale = scale;
        Tensor change = gradient.sub(last.get().gradient());
        Tensor step = last.get().direction().mul(last.get().length());
        double curvature = dot(change, step);
        if (curvature > LEAST_CURVATURE) {
            if (known.size() == historySize) {
                known.removeFirst();
            }
            known.add(new Curvature(change, step, 1 / curvature));
            nextScale = curvature / dot(change, change);
        }
        Last next = new Last(direction(known, nextScale, gradient), 0, gradient);
        return new LbfgsState(evaluations, iterations + 1, Optional.of(next), known, nextScale);
    }

    /// {@return minus the gradient times the inverse Hessian, by the two-loop recursion}
    private static Tensor direction(List<Curvature> history, double scale, Tensor gradient) {
        double[] shares = new double[history.size()];
        Tensor direction = gradient.neg();
        for (int i = history.size() - 1; i >= 0; i--) {
            Curvature known = history.get(i);
            shares[i] = dot(known.step(), direction) * known.inverse();
            direction = direction.sub(known.change().mul(shares[i]));
        }
        direction = direction.mul(scale);
        for (int i = 0; i < shares.length; i++) {
            Curvature known = history.get(i);
            double share = dot(known.change(), direction) * known.inverse();
            direction = direction.add(known.step().mul(shares[i] - share));
        }
        return direction;
    }

    static double dot(Tensor a, Tensor b) {
        return a.mul(b).sum().item();
    }

    LbfgsState withEvaluations(long count) {
        return new LbfgsState(count, iterations, last, history, scale);
    }

    LbfgsState withLength(double length) {
        Optional<Last> moved = last.map(it -> new Last(it.direction(), length, it.gradient()));
        return new LbfgsState(evaluations, iterations, moved, history, scale);
    }

    /// {@return the same state with every tensor replaced}
    LbfgsState map(UnaryOperator<Tensor> change) {
        return new LbfgsState(
                evaluations,
                iterations,
                last.map(it ->
                        new Last(
                                change.apply(it.direction()),
                                it.length(),
                                change.apply(it.gradient()))),
                history.stream()
                        .map(it ->
                                new Curvature(
                                        change.apply(it.change()),
                                        change.apply(it.step()),
                                        it.inverse()))
                        .toList(),
                scale);
    }

    /// {@return all tensors in it, by identity}
    Set<Tensor> tensors() {
        Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
        map(tensor -> {
            all.add(tensor);
            return tensor;
        });
        return all;
    }

    void write(SequencedMap<String, Tensor> dict) {
        dict.put(EVALUATIONS, Tensor.scalar(evaluations));
        dict.put(ITERATIONS, Tensor.scalar(iterations));
        last.ifPresent(it -> {
            dict.put(DIRECTION, it.direction());
            dict.put(LENGTH, Tensor.scalar(it.length()));
            dict.put(GRADIENT, it.gradient());
            dict.put(SCALE, Tensor.scalar(scale));
        });
        for (int i = 0; i < history.size(); i++) {
            dict.put(CHANGE + i, history.get(i).change());
            dict.put(STEP + i, history.get(i).step());
        }
    }

    /// {@return what [#write] wrote}
    ///
    /// @param like a flat tensor as those of the state
    static LbfgsState read(SavedEntries saved, Tensor like) {
        long evaluations = saved.takeCount(EVALUATIONS);
        long iterations = saved.takeCount(ITERATIONS);
        Optional<Last> last = Optional.empty();
        List<Curvature> history = new ArrayList<>();
        double scale = 1;
        if (iterations > 0) {
            last =
                    Optional.of(
                            new Last(
                                    saved.takeLike(DIRECTION, like),
                                    saved.take(LENGTH).item(),
                                    saved.takeLike(GRADIENT, like)));
            scale = saved.take(SCALE).item();
            while (saved.has(CHANGE + history.size())) {
                Tensor change = saved.takeLike(CHANGE + history.size(), like);
                Tensor step = saved.takeLike(STEP + history.size(), like);
                history.add(Curvature.of(change, step));
            }
        }
        saved.checkEmpty("Lbfgs");
        return new LbfgsState(evaluations, iterations, last, history, scale);
    }
}
