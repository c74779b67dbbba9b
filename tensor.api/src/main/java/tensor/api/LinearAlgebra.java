package tensor.api;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Equations and factors of small matrices, singly or in stacks. All can be differentiated again.
///
/// Each is a sequence of tensor operations, some a column: fit for matrices of up to some dozens of columns, [#qr] of up
/// to some hundreds. Where an inverse does not exist, they give infinities or NaN.
public final class LinearAlgebra {
    private LinearAlgebra() {}

    /// The factors of [#qr].
    ///
    /// @param q columns of length 1, orthogonal to each other, `[.., m, k]`
    /// @param r upper triangular with a diagonal of positive numbers, or 0 where `a` is without full rank, `[.., k, n]`
    public record Qr(Tensor q, Tensor r) {}

    /// {@return x of `a·x = b`} By elimination with the greatest pivot of each column. Shapes: `[.., n, n]`,
    /// `[.., n, k]` → `[.., n, k]`; leading axes broadcast. A vector `[n]` for `b` gives a vector.
    ///
    /// @param a square matrices, floating point
    /// @param b the right sides
    /// @throws ShapeException if `a` is not square or `b` has another number of rows
    public static Tensor solve(Tensor a, Tensor b) {
        int size = square("solve", a);
        Checks.sameDType("solve", a, b);
        if (b.rank() == 1) {
            return solve(a, b.unsqueeze(1)).squeeze(-1);
        }
        if (b.rank() == 0 || b.size(-2) != size) {
            throw new ShapeException(
                    "solve: %s has %d rows, the right side is %s"
                            .formatted(a.shape(), size, b.shape()),
                    a.shape(),
                    b.shape());
        }
        Shape leading = Shape.broadcast("solve", Products.leading(a), Products.leading(b));
        return solveEqual(Products.expandLeading(a, leading), Products.expandLeading(b, leading));
    }

    /// With `G` that of the result, the cotangent of `b` is `a⁻ᵀ·G` and that of `a` is `−a⁻ᵀ·G·xᵀ`.
    private static Tensor solveEqual(Tensor a, Tensor b) {
        return Tensor.custom(
                "solve",
                List.of(a, b),
                in -> eliminate(in.get(0), in.get(1)),
                (i, in, x, g) -> {
                    Tensor ofB = solveEqual(in.get(0).t(), g);
                    return i == 1 ? ofB : ofB.matMul(x.t()).neg();
                });
    }

    /// Gauss and Jordan: column after column becomes one of the unit matrix, in all rows at once.
    private static Tensor eliminate(Tensor a, Tensor b) {
        int size = a.size(-1);
        Tensor rows = a.device().with(() -> Tensor.arange(size)).unsqueeze(1);
        Tensor both = Tensor.concat(-1, a, b);
        for (int column = 0; column < size; column++) {
            both = exchange(both, rows, column);
            Tensor factors = both.slice(-1, column, column + 1L);
            Tensor pivots = both.slice(-2, column, column + 1L);
            Tensor unit = pivots.div(pivots.slice(-1, column, column + 1L));
            both = Tensor.where(rows.equalTo(column), unit, both.sub(factors.mul(unit)));
        }
        return both.slice(-1, size, Long.MAX_VALUE);
    }

    /// Puts the row with the greatest element of a column, from that row on, in its place.
    private static Tensor exchange(Tensor both, Tensor rows, int column) {
        Tensor below = both.slice(-1, column, column + 1L).slice(-2, column, Long.MAX_VALUE);
        Tensor pivot = below.abs().argMax(-2).unsqueeze(-2).add(column);
        Tensor here = Sources.constant("solve", rows, column);
        Tensor order =
                Tensor.where(
                        rows.equalTo(column), pivot, Tensor.where(rows.equalTo(pivot), here, rows));
        return both.gather(-2, order.expand(both.shape()));
    }

    /// {@return the inverse matrices: [#solve] for the unit matrix} Prefer solve where there is a right side.
    ///
    /// @param a square matrices, floating point
    /// @throws ShapeException if `a` is not square
    public static Tensor inverse(Tensor a) {
        int size = square("inverse", a);
        Tensor unit = a.device().with(() -> Tensor.arange(size).oneHot(size).cast(a.dtype()));
        return solve(a, unit);
    }

    /// {@return the lower triangular L with a positive diagonal and `L·Lᵀ = a`} Shapes: `[.., n, n] → [.., n, n]`. What
    /// is factored is `(a + aᵀ)/2`, so the gradient is symmetric.
    ///
    /// @param a symmetric, positive definite matrices, floating point; others give NaN
    /// @throws ShapeException if `a` is not square
    public static Tensor cholesky(Tensor a) {
        int size = square("cholesky", a);
        Tensor symmetric = a.add(a.t()).mul(0.5);
        Tensor rows = a.device().with(() -> Tensor.arange(size)).unsqueeze(1);
        List<Tensor> columns = new ArrayList<>();
        for (int j = 0; j < size; j++) {
            Tensor column = symmetric.slice(-1, j, j + 1L);
            if (j > 0) {
                Tensor before = Tensor.concat(-1, columns.toArray(new Tensor[0]));
                column = column.sub(before.matMul(before.slice(-2, j, j + 1L).t()));
            }
            Tensor scaled = column.div(column.slice(-2, j, j + 1L).sqrt());
            columns.add(Tensor.where(rows.less(j), Sources.constant("cholesky", a, 0), scaled));
        }
        return size == 0 ? a : Tensor.concat(-1, columns.toArray(new Tensor[0]));
    }

    /// {@return Q and R with `Q·R = a`} Shapes: `[.., m, n] → [.., m, k]`, `[.., k, n]`, k the lesser of m and n. By
    /// reflections, so Q is orthogonal to rounding whatever `a` is: also without full rank, where the diagonal of R has
    /// zeros or what rounding makes of them, and with elements near the greatest or the least number. NaN and ∞ give NaN.
    ///
    /// The derivative needs independent first k columns: else the factors do not depend smoothly on `a`, and it is
    /// infinite, NaN, or huge where rounding hides the dependence.
    ///
    /// @param a matrices, floating point
    /// @throws ShapeException if `a` has no two axes
    public static Qr qr(Tensor a) {
        Checks.floating("qr", a);
        Checks.matrices("qr", a);
        int count = Math.min(a.size(-2), a.size(-1));
        if (count == 0) {
            Tensor none = a.slice(-1, 0, 0);
            return new Qr(none, none.t().matMul(a));
        }
        Tensor factors = factors(a.slice(-1, 0, count));
        Tensor q = factors.slice(-2, 0, a.size(-2));
        Tensor square = factors.slice(-2, a.size(-2), Long.MAX_VALUE);
        Tensor beyond = a.slice(-1, count, Long.MAX_VALUE);
        return new Qr(
                q, count == a.size(-1) ? square : Tensor.concat(-1, square, q.t().matMul(beyond)));
    }

    /// Q over R, of matrices with no more columns than rows. With `G` and `H` their cotangents, that of `a` is
    /// `(G + Q·S)·R⁻ᵀ`, where S is symmetric with the lower triangle of `R·Hᵀ − Gᵀ·Q`. Walter and Lehmann, Algorithmic
    /// differentiation of linear algebra functions with application in optimum experimental design, 2010.
    private static Tensor factors(Tensor a) {
        int rows = a.size(-2);
        return Tensor.custom(
                "qr",
                List.of(a),
                in -> reflected(in.getFirst()),
                (_, _, y, cotangent) -> {
                    Tensor q = y.slice(-2, 0, rows);
                    Tensor r = y.slice(-2, rows, Long.MAX_VALUE);
                    Tensor g = cotangent.slice(-2, 0, rows);
                    Tensor h = cotangent.slice(-2, rows, Long.MAX_VALUE);
                    Tensor lower = r.matMul(h.t()).sub(g.t().matMul(q));
                    Tensor symmetric = lower.tril(0).add(lower.tril(-1).t());
                    return solveEqual(r, g.add(q.matMul(symmetric)).t()).t();
                });
    }

    /// The columns of `a` are divided by their greatest elements first, which Q does not depend on; signs are turned so
    /// that the diagonal of R is not negative.
    private static Tensor reflected(Tensor a) {
        Tensor one = Sources.constant("qr", a, 1);
        Tensor greatest = a.abs().max(Axes.of(-2).keep());
        Reflections all = Reflections.of(a.div(Tensor.where(greatest.equalTo(0), one, greatest)));
        Tensor negative = all.r().diagonal(-2, -1).less(0);
        Tensor signs = Tensor.where(negative, one.neg(), one);
        Tensor q = all.columns().mul(signs.unsqueeze(-2));
        return Tensor.concat(-2, q, all.r().mul(signs.unsqueeze(-1)).mul(greatest));
    }

    /// {@return the number of rows and columns}
    private static int square(String where, Tensor a) {
        Checks.floating(where, a);
        Checks.matrices(where, a);
        if (a.size(-1) != a.size(-2)) {
            throw new ShapeException(
                    "%s: %s has %d rows and %d columns; it needs as many of both"
                            .formatted(where, a.shape(), a.size(-2), a.size(-1)),
                    a.shape());
        }
        return a.size(-1);
    }
}
