package tensor.api;

import tensor.spi.BinaryOp;

/// Powers with constant exponents and others.
final class Powers {
    /// Up to here multiplication is nearly as exact as the primitive, and faster.
    private static final int MOST_MULTIPLIED = 4;

    private Powers() {}

    static Tensor pow(Tensor a, Tensor b) {
        return Elementwise.map("pow", BinaryOp.POW, a, b);
    }

    static Tensor pow(Tensor x, double exponent) {
        Checks.floating("pow", x);
        if (exponent == 0) {
            return Sources.ones(x);
        }
        if (exponent == 0.5) {
            return x.sqrt();
        }
        if (exponent == -0.5) {
            return x.rsqrt();
        }
        if (exponent == Math.rint(exponent) && Math.abs(exponent) <= MOST_MULTIPLIED) {
            return exponent < 0 ? whole(x, (int) -exponent).reciprocal() : whole(x, (int) exponent);
        }
        return pow(x, Sources.constant("pow", x, exponent));
    }

    /// By repeated squaring.
    private static Tensor whole(Tensor x, int exponent) {
        if (exponent == 1) {
            return x;
        }
        Tensor root = whole(x, exponent / 2);
        Tensor even = root.mul(root);
        return exponent % 2 == 0 ? even : even.mul(x);
    }
}
