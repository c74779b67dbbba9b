package tensor.api;

/// Reflections that bring a matrix to triangular form, one a column, kept as one product `1 − V·T·Vᵀ`.
///
/// Column `j` of `V` is the normal of reflection `j`, after Householder, scaled to 1 in row `j` and 0 above; `T` is upper
/// triangular. The left half of the columns is reflected first, then what is left of the other half, each by this very
/// method down to a [Panel]: so nearly all of the work is in products of matrices. Elmroth and Gustavson, Applying recursion
/// to serial and parallel QR factorization leads to better performance, 2000.
///
/// @param v the normals, `[.., m, n]`
/// @param t `[.., n, n]`
/// @param r what the matrix has become in its first rows, upper triangular, `[.., n, n]`; the others are 0
record Reflections(Tensor v, Tensor t, Tensor r) {

    /// {@return the reflections of a matrix}
    ///
    /// @param a `[.., m, n]`, m at least n, n at least 1; not tracked
    static Reflections of(Tensor a) {
        int columns = a.size(-1);
        if (columns <= Panel.MOST_COLUMNS) {
            return Panel.reflected(a);
        }
        int half = columns / 2;
        Reflections left = of(a.slice(-1, 0, half));
        Tensor right = left.applied(a.slice(-1, half, columns));
        Reflections rest = of(right.slice(-2, half, Long.MAX_VALUE));
        Tensor v = rest.v.pad(-2, half, 0, 0);
        Tensor mixed = left.t.matMul(left.v.t().matMul(v)).matMul(rest.t).neg();
        return new Reflections(
                Tensor.concat(-1, left.v, v),
                triangle(left.t, mixed, rest.t),
                triangle(left.r, right.slice(-2, 0, half), rest.r));
    }

    private static Tensor triangle(Tensor above, Tensor corner, Tensor below) {
        return Tensor.concat(
                -2, Tensor.concat(-1, above, corner), below.pad(-1, above.size(-1), 0, 0));
    }

    /// {@return other columns, reflected by all}
    private Tensor applied(Tensor x) {
        return x.sub(v.matMul(t.t().matMul(v.t().matMul(x))));
    }

    /// {@return the first n columns of the product of all reflections: orthogonal to each other and of length 1}
    Tensor columns() {
        int count = v.size(-1);
        Tensor unit =
                v.device()
                        .with(() -> Tensor.arange(v.size(-2)).oneHot(v.size(-2)).cast(v.dtype()))
                        .slice(-1, 0, count);
        return unit.sub(v.matMul(t.matMul(v.slice(-2, 0, count).t())));
    }
}
