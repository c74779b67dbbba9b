package tensor.spi;

import java.util.List;

/// A sum of products of two tensors, by the names of their axes: `out[..] = Σ left[..] · right[..]`, summed over the names
/// that `out` does not have.
///
/// A name is a number that stands for an index; the same name means the same index. The product of two matrices is
/// `[i, k]`, `[k, j]` to `[i, j]`.
///
/// @param left the names of the axes of the left tensor
/// @param right those of the right tensor
/// @param out those of the result
public record Contraction(List<Integer> left, List<Integer> right, List<Integer> out) {
    /// Checks the names.
    ///
    /// @throws IllegalArgumentException if a tensor has a name twice, or only one of the three has it
    public Contraction {
        left = List.copyOf(left);
        right = List.copyOf(right);
        out = List.copyOf(out);
        checkPaired(left, right, out);
        checkPaired(right, out, left);
        checkPaired(out, left, right);
    }

    private static void checkPaired(List<Integer> one, List<Integer> two, List<Integer> three) {
        for (int i = 0; i < one.size(); i++) {
            Integer name = one.get(i);
            if (one.indexOf(name) < i) {
                throw new IllegalArgumentException("contract: %s has a name twice".formatted(one));
            }
            if (!two.contains(name) && !three.contains(name)) {
                throw new IllegalArgumentException(
                        "contract: %d stands in %s alone, not in %s or %s; sum or repeat that axis before"
                                .formatted(name, one, two, three));
            }
        }
    }

    /// {@return the names that all three have, in the order of the result}
    public List<Integer> batch() {
        return out.stream().filter(left::contains).filter(right::contains).toList();
    }

    /// {@return the names that the left tensor and the result have, in the order of the result}
    public List<Integer> rows() {
        return out.stream().filter(name -> !right.contains(name)).toList();
    }

    /// {@return the names that the right tensor and the result have, in the order of the result}
    public List<Integer> columns() {
        return out.stream().filter(name -> !left.contains(name)).toList();
    }

    /// {@return the names that are summed over, in the order of the left tensor: in row-major order of these, the products
    /// are added}
    public List<Integer> inner() {
        return left.stream().filter(name -> !out.contains(name)).toList();
    }
}
