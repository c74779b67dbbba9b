package tensor.testkit;

import java.util.List;
import tensor.api.Composite;
import tensor.api.Tensor;

/// `x³`, which remembers `x²`.
class Cubes implements Composite {
    @Override
    public String name() {
        return "cubes";
    }

    @Override
    public Tensor definition(List<Tensor> in) {
        return in.getFirst().mul(in.getFirst()).mul(in.getFirst());
    }

    @Override
    public Forward forward(List<Tensor> in) {
        Tensor square = in.getFirst().mul(in.getFirst());
        return new Forward(square.mul(in.getFirst()), List.of(square));
    }

    @Override
    public List<Tensor> cotangents(List<Tensor> in, Forward forward, Tensor g) {
        return List.of(forward.residuals().getFirst().mul(3).mul(g));
    }
}
