package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import tensor.api.Axes;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.LinearAlgebra;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Linear algebra against Apache Commons Math, which shares no line with us.
class LinearAlgebraPropertyTest {
    @Property(tries = 200)
    void productsOfMatricesAgree(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 1, max = 12) int k,
            @ForAll @IntRange(min = 1, max = 12) int n) {
        Device.of("reference")
                .run(() -> {
                    Tensor a = random(RandomKey.of(seed).fold("a"), m, k);
                    Tensor b = random(RandomKey.of(seed).fold("b"), k, n);

                    Tensor product = a.matMul(b);

                    assertClose(matrix(a).multiply(matrix(b)), product, 1e-12);
                    assertClose(
                            matrix(b).transpose().multiply(matrix(a).transpose()),
                            product.t(),
                            1e-12);
                });
    }

    @Property(tries = 60)
    void solutionsAndInversesAgree(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 4) int k) {
        Device.of("reference")
                .run(() -> {
                    Tensor a = random(RandomKey.of(seed).fold("a"), n, n);
                    Tensor b = random(RandomKey.of(seed).fold("b"), n, k);
                    RealMatrix inverse = new LUDecomposition(matrix(a)).getSolver().getInverse();
                    double condition = inverse.getNorm() * matrix(a).getNorm();

                    assertClose(
                            inverse.multiply(matrix(b)),
                            LinearAlgebra.solve(a, b),
                            1e-13 * condition * inverse.getNorm());
                    assertClose(
                            inverse,
                            LinearAlgebra.inverse(a),
                            1e-13 * condition * inverse.getNorm());
                });
    }

    @Property(tries = 60)
    void factorsMultiplyToWhatWasFactored(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 1, max = 12) int n) {
        Device.of("reference")
                .run(() -> {
                    Tensor a = random(RandomKey.of(seed), m, n);
                    LinearAlgebra.Qr factors = LinearAlgebra.qr(a);
                    Tensor q = factors.q();

                    assertClose(matrix(a), q.matMul(factors.r()), 1e-12);
                    assertClose(matrix(identity(Math.min(m, n))), q.t().matMul(q), 1e-12);

                    Tensor definite = a.matMul(a.t()).add(identity(m));
                    Tensor root = LinearAlgebra.cholesky(definite);

                    assertClose(matrix(definite), root.matMul(root.t()), 1e-12);
                    assertClose(matrix(root), root.tril(0), 0);
                });
    }

    @Property(tries = 60)
    void factorsAreOrthogonalWithoutFullRank(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 0, max = 3) int rank) {
        Device.of("reference")
                .run(() -> {
                    Tensor left = random(RandomKey.of(seed).fold("left"), m, rank);
                    Tensor right = random(RandomKey.of(seed).fold("right"), rank, n);

                    assertFactors(left.matMul(right), 1e-13);
                });
    }

    @Property(tries = 60)
    void factorsAreOrthogonalWhateverTheSizeOfTheElements(
            @ForAll long seed,
            @ForAll @IntRange(min = -44, max = 37) int exponent,
            @ForAll @IntRange(min = 1, max = 12) int m,
            @ForAll @IntRange(min = 1, max = 12) int n) {
        Device.of("reference")
                .run(() -> {
                    Tensor numbers =
                            Tensor.normal(RandomKey.of(seed), Shape.of(m, n), DType.FLOAT64);
                    Tensor columns = Tensor.arange(n).cast(DType.FLOAT64).mul(-exponent / 12.0);

                    assertFactors(numbers.mul(Math.pow(10, exponent)).cast(DType.FLOAT32), 2e-6);
                    assertFactors(numbers.mul(Math.pow(10, 7.0 * exponent)), 1e-13);
                    assertFactors(numbers.mul(Tensor.scalar(10.0).pow(columns.mul(7))), 1e-13);
                });
    }

    @Property(tries = 8)
    void factorsOfManyColumnsAreOrthogonal(
            @ForAll long seed,
            @ForAll @IntRange(min = 30, max = 140) int m,
            @ForAll @IntRange(min = 30, max = 140) int n) {
        Device.of("reference")
                .run(() -> {
                    Tensor a = random(RandomKey.of(seed), m, n);

                    assertFactors(a, 1e-13);
                    assertFactors(a.cast(DType.FLOAT32), 2e-5);
                    assertFactors(
                            a.slice(-1, 0, n / 2).matMul(random(RandomKey.of(1), n / 2, n)), 1e-13);
                });
    }

    @Property(tries = 20)
    void stacksAreFactoredOneByOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
        Device.of("reference")
                .run(() -> {
                    Tensor a =
                            Tensor.normal(RandomKey.of(seed), Shape.of(2, 3, 4, n), DType.FLOAT64);

                    LinearAlgebra.Qr factors = LinearAlgebra.qr(a);

                    for (int i = 0; i < 6; i++) {
                        LinearAlgebra.Qr one =
                                LinearAlgebra.qr(a.select(0, i / 3).select(0, i % 3));
                        assertClose(
                                matrix(one.q()), factors.q().select(0, i / 3).select(0, i % 3), 0);
                        assertClose(
                                matrix(one.r()), factors.r().select(0, i / 3).select(0, i % 3), 0);
                    }
                });
    }

    @Property(tries = 20)
    void stacksAreSolvedOneByOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
        Device.of("reference")
                .run(() -> {
                    RandomKey key = RandomKey.of(seed);
                    Tensor a = Tensor.normal(key.fold("a"), Shape.of(3, n, n), DType.FLOAT64);
                    Tensor b = Tensor.normal(key.fold("b"), Shape.of(2, 1, n, 2), DType.FLOAT64);

                    Tensor x = LinearAlgebra.solve(a, b);

                    assertEquals(Shape.of(2, 3, n, 2), x.shape());
                    for (int i = 0; i < 3; i++) {
                        Tensor one =
                                LinearAlgebra.solve(a.select(0, i), b.select(0, 1).select(0, 0));
                        assertClose(matrix(one), x.select(0, 1).select(0, i), 0);
                    }
                });
    }

    @Property(tries = 40)
    void stepsAgainstTheGradientSolveLinearEquations(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
        Device.of("reference")
                .run(() -> {
                    // A = 4·1 + (small)(small)ᵀ is positive definite, with eigenvalues from 4 to
                    // below 8
                    Tensor small = random(RandomKey.of(seed), n, n).tanh().mul(0.8 / n);
                    Tensor a = small.matMul(small.t()).add(identity(n).mul(4));
                    Tensor b = random(RandomKey.of(seed + 1), n, 1);
                    Tensor x = Tensor.zeros(Shape.of(n, 1), DType.FLOAT64);

                    for (int step = 0; step < 60; step++) {
                        Tensor at = x.requireGradient();
                        Tensor energy =
                                at.t().matMul(a).matMul(at).mul(0.5).sub(b.t().matMul(at)).sum();
                        x = x.sub(Gradients.of(energy, List.of(at)).getFirst().mul(0.2));
                    }

                    assertClose(
                            new LUDecomposition(matrix(a)).getSolver().solve(matrix(b)), x, 1e-9);
                });
    }

    private static Tensor random(RandomKey key, int rows, int columns) {
        return Tensor.normal(key, Shape.of(rows, columns), DType.FLOAT64);
    }

    private static Tensor identity(int n) {
        return Tensor.arange(n).oneHot(n).cast(DType.FLOAT64);
    }

    private static RealMatrix matrix(Tensor x) {
        double[][] rows = new double[x.size(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = x.select(0, i).toDoubles();
        }
        return new Array2DRowRealMatrix(rows);
    }

    /// That Q is orthogonal, R triangular with no negative diagonal, and Q·R the matrix, relative to its size.
    private static void assertFactors(Tensor a, double tolerance) {
        LinearAlgebra.Qr factors = LinearAlgebra.qr(a);
        Tensor q = factors.q().cast(DType.FLOAT64);
        Tensor r = factors.r().cast(DType.FLOAT64);
        // the least number above 0 may be as far off as rounding
        double least = a.dtype() == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        Tensor size = a.cast(DType.FLOAT64).abs().max(Axes.of(-2).keep());
        Tensor error = q.matMul(r).sub(a.cast(DType.FLOAT64)).abs();

        Tensor unit = identity(Math.min(a.size(0), a.size(1)));
        assertEquals(0, q.t().matMul(q).sub(unit).abs().max().item(), tolerance);
        assertTrue(
                error.lessOrEqual(size.mul(tolerance).add(16 * a.size(0) * least))
                                .not()
                                .sum()
                                .item()
                        == 0);
        assertEquals(0, r.tril(-1).abs().max().item(), 0);
        assertTrue(r.slice(-1, 0, r.size(0)).diagonal(0, 1).min().item() >= 0);
    }

    private static void assertClose(RealMatrix expected, Tensor actual, double tolerance) {
        for (int i = 0; i < expected.getRowDimension(); i++) {
            for (int j = 0; j < expected.getColumnDimension(); j++) {
                assertEquals(
                        expected.getEntry(i, j),
                        actual.select(0, i).select(0, j).item(),
                        tolerance);
            }
        }
    }
}
