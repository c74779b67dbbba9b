package tensor.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.Contraction;

/// Sums of products by the names of axes, worked off from left to right by contractions of two.
final class Einsum {
    private final EinsumLabels labels;
    private final Map<Integer, Integer> sizes = new LinkedHashMap<>();

    private Einsum(EinsumLabels labels) {
        this.labels = labels;
    }

    static Tensor apply(String equation, Tensor... operands) {
        int[] ranks = new int[operands.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = operands[i].rank();
            Checks.sameDType("einsum", operands[0], operands[i]);
        }
        return new Einsum(EinsumLabels.parse(equation, ranks)).run(operands);
    }

    /// A tensor with a name for each axis.
    private record Named(Tensor tensor, List<Integer> names) {}

    private Tensor run(Tensor... operands) {
        List<Named> named = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            named.add(withoutRepetition(new Named(operands[i], labels.operand(i))));
        }
        named.forEach(this::measure);
        named.replaceAll(this::filled);
        Named product = named.getFirst();
        for (int i = 1; i < named.size(); i++) {
            Set<Integer> needed = needed(named, i + 1);
            Set<Integer> left = new LinkedHashSet<>(needed);
            left.addAll(named.get(i).names());
            Set<Integer> right = new LinkedHashSet<>(needed);
            right.addAll(product.names());
            product = multiply(summed(product, left), summed(named.get(i), right), needed);
        }
        Named result = summed(product, needed(named, named.size()));
        return ordered(result, labels.output()).tensor();
    }

    /// {@return the names that the result has, or an operand from `next` on}
    private Set<Integer> needed(List<Named> named, int next) {
        Set<Integer> needed = new TreeSet<>(labels.output());
        named.subList(next, named.size()).forEach(one -> needed.addAll(one.names()));
        return needed;
    }

    /// A name that stands twice means the diagonal of its two axes.
    private static Named withoutRepetition(Named x) {
        for (int i = 0; i < x.names().size(); i++) {
            int name = x.names().get(i);
            int again = x.names().lastIndexOf(name);
            if (again > i) {
                List<Integer> left = new ArrayList<>(x.names());
                left.removeIf(other -> other == name);
                left.add(name);
                return withoutRepetition(new Named(x.tensor().diagonal(i, again), left));
            }
        }
        return x;
    }

    private void measure(Named x) {
        for (int i = 0; i < x.names().size(); i++) {
            int size = x.tensor().size(i);
            int name = x.names().get(i);
            int before = sizes.getOrDefault(name, 1);
            if (before != size && before != 1 && size != 1) {
                throw new ShapeException(
                        "einsum: axis '%s' is %d and %d in '%s'"
                                .formatted(EinsumLabels.text(name), before, size, labels),
                        x.tensor().shape());
            }
            sizes.put(name, before == 1 ? size : before);
        }
    }

    /// Axes of size 1 repeated to the size that their name has elsewhere.
    private Named filled(Named x) {
        return new Named(x.tensor().expand(Shape.of(sizesOf(x.names()))), x.names());
    }

    private int[] sizesOf(List<Integer> names) {
        int[] all = new int[names.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Objects.requireNonNull(sizes.get(names.get(i)));
        }
        return all;
    }

    private static Named summed(Named x, Set<Integer> needed) {
        List<Integer> left = new ArrayList<>(x.names());
        left.retainAll(needed);
        if (left.size() == x.names().size()) {
            return x;
        }
        int[] gone = new int[x.names().size() - left.size()];
        int next = 0;
        for (int i = 0; i < x.names().size(); i++) {
            if (!needed.contains(x.names().get(i))) {
                gone[next++] = i;
            }
        }
        return new Named(x.tensor().sum(gone), left);
    }

    /// One contraction: common names that are needed afterwards are a batch of products, those that are not are summed over.
    /// The result has the names in the order in which they are asked for last.
    private Named multiply(Named a, Named b, Set<Integer> needed) {
        SequencedSet<Integer> all = new LinkedHashSet<>(labels.output());
        all.addAll(a.names());
        all.addAll(b.names());
        all.retainAll(needed);
        all.removeIf(name -> !a.names().contains(name) && !b.names().contains(name));
        List<Integer> names = List.copyOf(all);
        Contraction by = new Contraction(a.names(), b.names(), names);
        return new Named(Dispatch.apply(new Op.Contract(by), a.tensor(), b.tensor()), names);
    }

    private static Named ordered(Named x, List<Integer> names) {
        if (x.names().equals(names)) {
            return x;
        }
        int[] axes = names.stream().mapToInt(x.names()::indexOf).toArray();
        return new Named(x.tensor().permute(axes), names);
    }
}
