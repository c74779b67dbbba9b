package tensor.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tensor.layout.Layout;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// Cotangents of a sweep of which nothing is recorded: the memory of each goes back as soon as the sweep has passed it, so
/// that the next one finds it in the cache.
///
/// A memory may be seen by several cotangents, for example both of a sum's inputs; it goes back after the last. What the
/// sweep has not made itself is not its to release.
final class ReleasedCotangents extends Cotangents {
    private final TensorScope made;
    private final TensorScope step = TensorScope.of("derivative");
    private final Map<Storage, Integer> uses = new HashMap<>();
    private final StackedProducts products = new StackedProducts();
    private final Map<Tensor, TakenPlaces> slices = new HashMap<>();

    /// @param made the scope of the sweep, which is open
    ReleasedCotangents(TensorScope made) {
        this.made = made;
    }

    @Override
    void pass(Node node, Tensor y, Tensor g, Set<Tensor> leads) {
        if (node.op instanceof Op.Custom) {
            // What users write may hold on to any tensor it sees or makes, until their own scope
            // ends.
            made.keep(g);
            made.outside(() -> passEach(node, y, g, leads));
        } else {
            step.run(() -> passEach(node, y, g, leads));
        }
    }

    private void passEach(Node node, Tensor y, Tensor g, Set<Tensor> leads) {
        if (isAtOnce(node.op)) {
            passAtOnce(node, y, g, leads);
            return;
        }
        for (int i = 0; i < node.inputs.length; i++) {
            Tensor x = node.inputs[i];
            if (!leads.contains(x)) {
                continue;
            }
            if (node.op instanceof Op.Slice slice) {
                addSlice(x, slice, g);
            } else if (StackedProducts.takes(node.op, i, node.inputs)) {
                uses.merge(g.data().storage(), 1, Integer::sum);
                products.add(x, new StackedProducts.Factors(node, y, g));
            } else {
                add(x, share(node, i, y, g));
            }
        }
    }

    @Override
    void settle(Tensor x) {
        List<StackedProducts.Factors> all = products.take(x);
        if (!all.isEmpty()) {
            step.run(() -> add(x, StackedProducts.share(x, all)));
            all.forEach(factors -> release(factors.g()));
        }
    }

    @Override
    void add(Tensor x, Tensor share) {
        slices.remove(x);
        put(x, share);
    }

    private void put(Tensor x, Tensor share) {
        Tensor sum = of(x);
        Tensor next = sum == null ? share : sum.add(share);
        step.keep(next);
        uses.merge(next.data().storage(), 1, Integer::sum);
        if (sum != null) {
            release(sum);
        }
        set(x, next);
    }

    /// Adds to a part of a sum where it lies, if nothing else sees the sum: a slice for each place of a long sequence would
    /// otherwise be as many sums of its whole size. Where no slice has been before, nothing needs to be added.
    private void addSlice(Tensor x, Op.Slice slice, Tensor g) {
        Tensor sum = of(x);
        if (sum == null) {
            slices.put(x, new TakenPlaces(slice.axis()));
        }
        TakenPlaces taken = slices.get(x);
        boolean isFirst = taken != null && taken.takes(slice);
        if (sum == null || !sum.fillsItsStorage() || !isOnlyHere(sum.data().storage())) {
            put(x, Derivatives.vjp(slice, 0, new Tensor[] {x}, x, g));
            return;
        }
        Layout part =
                sum.data().layout().slice(slice.axis(), slice.start(), slice.end(), slice.step());
        Operand place = new Operand(sum.data().storage(), part);
        Tensor added = isFirst ? g : Tensor.made(sum.device(), place, null).add(g);
        sum.device().backend().copy(added.data(), place);
    }

    private boolean isOnlyHere(Storage storage) {
        return made.owns(storage) && uses.getOrDefault(storage, 0) == 1;
    }

    @Override
    void forget(Tensor x) {
        Tensor sum = of(x);
        slices.remove(x);
        if (sum != null) {
            super.forget(x);
            release(sum);
        }
    }

    private void release(Tensor cotangent) {
        Storage storage = cotangent.data().storage();
        int left = uses.merge(storage, -1, Integer::sum);
        if (left == 0) {
            uses.remove(storage);
            made.release(storage);
        }
    }
}
