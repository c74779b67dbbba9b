package tensor.api;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.SortOrder;
import tensor.spi.UnaryOp;

/// An array of numbers with a shape, on a device: the value that everything is computed with.
///
/// **Values.** A tensor never changes. Each method computes at once and returns a new tensor; views
/// (reshape, permute, expand, slice and what is made of them) share memory instead of copying.
/// Compared by identity.
/// **Shapes.** Operations of two tensors broadcast: axes are matched from the last, and an axis
/// that is missing or of size 1 is repeated. Negative axes count from the end.
/// **Types.** Nothing is converted silently: mixing dtypes is an error; a Java `double` or `long` takes the
/// tensor's dtype. Integers wrap around. Float16 and bfloat16 are for storage: they are viewed, copied,
/// joined, gathered, chosen from by `where`, and cast, but not computed with.
/// **Gradients.** A tensor computed from a tracked one (the value of a [Parameter], or
/// [#requireGradient]) is tracked itself: it remembers how it was made, and [Gradients] or
/// [#backward] walk back. Only float32 and float64 are ever tracked: a cast to another dtype ends the
/// gradient.
/// **Memory.** It belongs to the [TensorScope] in which the tensor was made; without one it is
/// released when nothing refers to it any more.
/// **Errors.** Shapes that do not fit throw [ShapeException]; dtypes and devices that do not fit
/// [IllegalArgumentException]; a tensor whose memory was released [IllegalStateException].
/// **Threads.** Tensors may be shared between threads.
public final class Tensor implements Differentiable {
    private final Device device;
    private final Operand data;
    private final int version;
    private final boolean tracked;
    private final @Nullable Node node;
    private final @Nullable Parameter parameter;

    private Tensor(
            Device device,
            Operand data,
            int version,
            boolean tracked,
            @Nullable Node node,
            @Nullable Parameter parameter) {
        this.device = device;
        this.data = data;
        this.version = version;
        this.tracked = tracked;
        this.node = node;
        this.parameter = parameter;
    }

    /// A tensor that remembers how it was made, or nothing.
    static Tensor made(Device device, Operand data, @Nullable Node node) {
        return new Tensor(device, data, data.storage().version(), node != null, node, null);
    }

    /// The tensor that stands for a parameter in graphs.
    static Tensor leaf(Tensor value, Parameter parameter, boolean tracked) {
        return new Tensor(value.device, value.data, value.version, tracked, null, parameter);
    }

    // new tensors, on the current device

    /// {@return a float32 tensor of one axis}
    ///
    /// @param values the elements, in row-major order
    public static Tensor of(float... values) {
        return of(values, Shape.of(values.length));
    }

    /// {@return a float32 tensor}
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(float[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(MemorySegment.ofArray(values), shape, DType.FLOAT32);
    }

    /// {@return a float64 tensor of one axis}
    ///
    /// @param values the elements, in row-major order
    public static Tensor of(double... values) {
        return of(values, Shape.of(values.length));
    }

    /// {@return a float64 tensor}
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(double[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(MemorySegment.ofArray(values), shape, DType.FLOAT64);
    }

    /// {@return an int64 tensor of one axis}
    ///
    /// @param values the elements, in row-major order
    public static Tensor of(long... values) {
        return of(values, Shape.of(values.length));
    }

    /// {@return an int64 tensor}
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(long[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(MemorySegment.ofArray(values), shape, DType.INT64);
    }

    /// {@return an int32 tensor}
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(int[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(MemorySegment.ofArray(values), shape, DType.INT32);
    }

    /// {@return a uint8 tensor} Bytes have no sign in it: −1 is 255.
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(byte[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(MemorySegment.ofArray(values), shape, DType.UINT8);
    }

    /// {@return a bool tensor of one axis}
    ///
    /// @param values the elements, in row-major order
    public static Tensor of(boolean... values) {
        return of(values, Shape.of(values.length));
    }

    /// {@return a bool tensor}
    ///
    /// @param values the elements, in row-major order
    /// @param shape the shape
    public static Tensor of(boolean[] values, Shape shape) {
        Sources.count(values.length, shape);
        return Sources.upload(Sources.bytes(values), shape, DType.BOOL);
    }

    /// {@return a float32 tensor without axes}
    ///
    /// @param value the number
    public static Tensor scalar(float value) {
        return Sources.fill(
                Device.current(), Shape.scalar(), DType.FLOAT32, DType.FLOAT32.bits(value));
    }

    /// {@return a float64 tensor without axes}
    ///
    /// @param value the number
    public static Tensor scalar(double value) {
        return Sources.fill(
                Device.current(), Shape.scalar(), DType.FLOAT64, DType.FLOAT64.bits(value));
    }

    /// {@return an int64 tensor without axes}
    ///
    /// @param value the number
    public static Tensor scalar(long value) {
        return Sources.fill(Device.current(), Shape.scalar(), DType.INT64, DType.INT64.bits(value));
    }

    /// {@return a float32 tensor full of zeros}
    ///
    /// @param shape the shape
    public static Tensor zeros(Shape shape) {
        return full(shape, 0);
    }

    /// {@return a tensor full of zeros; of false for bool}
    ///
    /// @param shape the shape
    /// @param dtype the dtype
    public static Tensor zeros(Shape shape, DType dtype) {
        return full(shape, 0, dtype);
    }

    /// {@return a float32 tensor full of ones}
    ///
    /// @param shape the shape
    public static Tensor ones(Shape shape) {
        return full(shape, 1);
    }

    /// {@return a tensor full of ones; of true for bool}
    ///
    /// @param shape the shape
    /// @param dtype the dtype
    public static Tensor ones(Shape shape, DType dtype) {
        return full(shape, 1, dtype);
    }

    /// {@return a float32 tensor full of one number}
    ///
    /// @param shape the shape
    /// @param value the number
    public static Tensor full(Shape shape, double value) {
        return full(shape, value, DType.FLOAT32);
    }

    /// {@return a tensor full of one number} It becomes an element as [DType#bits(double)] says.
    ///
    /// @param shape the shape
    /// @param value the number
    /// @param dtype the dtype
    public static Tensor full(Shape shape, double value, DType dtype) {
        return Sources.fill(Device.current(), shape, dtype, dtype.bits(value));
    }

    /// {@return a tensor full of one whole number} Exact for int64, and rounded once for floating point; int32 and uint8 take
    /// the number nearest to it.
    ///
    /// @param shape the shape
    /// @param value the number
    /// @param dtype the dtype
    public static Tensor full(Shape shape, long value, DType dtype) {
        return Sources.fill(Device.current(), shape, dtype, Sources.bits(value, dtype));
    }

    /// {@return the int64 numbers 0 to `n` − 1}
    ///
    /// @param n how many, from 0
    public static Tensor arange(int n) {
        return Sources.arange(n);
    }

    /// {@return the int64 numbers `start`, `start + step`, … before `end`; none where `end` lies the other way}
    ///
    /// @param start the first
    /// @param end the first that is left out
    /// @param step from one to the next, not 0
    public static Tensor arange(long start, long end, long step) {
        return Sources.arange(start, end, step);
    }

    /// {@return float32 random numbers in [0, 1)}
    ///
    /// @param key where the numbers come from
    /// @param shape the shape
    public static Tensor uniform(RandomKey key, Shape shape) {
        return uniform(key, shape, DType.FLOAT32);
    }

    /// {@return random numbers in [0, 1), the same for the same key on every device}
    ///
    /// @param key where the numbers come from
    /// @param shape the shape
    /// @param dtype float32 or float64
    public static Tensor uniform(RandomKey key, Shape shape, DType dtype) {
        return Sources.uniform(key, shape, dtype);
    }

    /// {@return float32 random numbers of the normal distribution with mean 0 and variance 1}
    ///
    /// @param key where the numbers come from
    /// @param shape the shape
    public static Tensor normal(RandomKey key, Shape shape) {
        return normal(key, shape, DType.FLOAT32);
    }

    /// {@return random numbers of the normal distribution with mean 0 and variance 1} The same for
    /// the same key on every device, up to rounding.
    ///
    /// @param key where the numbers come from
    /// @param shape the shape
    /// @param dtype float32 or float64
    public static Tensor normal(RandomKey key, Shape shape, DType dtype) {
        return Sources.normal(key, shape, dtype);
    }

    /// {@return a tensor with a copy of host memory}
    ///
    /// @param host dense elements in row-major and native byte order, exactly as many bytes as the
    ///     tensor has
    /// @param shape the shape
    /// @param dtype the dtype
    public static Tensor from(MemorySegment host, Shape shape, DType dtype) {
        return Sources.upload(host, shape, dtype);
    }

    // what it is

    /// {@return the sizes of the axes}
    public Shape shape() {
        return data.shape();
    }

    /// {@return the size of one axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    public int size(int axis) {
        return data.shape().size(axis);
    }

    /// {@return the number of axes}
    public int rank() {
        return data.shape().rank();
    }

    /// {@return the number of elements}
    public long elementCount() {
        return data.shape().elementCount();
    }

    /// {@return the type of the elements}
    public DType dtype() {
        return data.dtype();
    }

    /// {@return where it lives}
    public Device device() {
        return device;
    }

    /// {@return whether gradients lead through it}
    public boolean tracked() {
        return tracked;
    }

    // element by element, one operand

    /// {@return eˣ}
    public Tensor exp() {
        return Elementwise.map(UnaryOp.EXP, this);
    }

    /// {@return the natural logarithm} −∞ at 0, NaN below.
    public Tensor log() {
        return Elementwise.map(UnaryOp.LOG, this);
    }

    /// {@return eˣ − 1} Exact for small x, where `exp().sub(1)` is not.
    public Tensor expm1() {
        return Elementwise.map(UnaryOp.EXPM1, this);
    }

    /// {@return ln(1 + x)} Exact for small x, where `add(1).log()` is not. −∞ at −1, NaN below.
    public Tensor log1p() {
        return Elementwise.map(UnaryOp.LOG1P, this);
    }

    /// {@return the error function `2/√π · ∫₀ˣ e^(−t²) dt`}
    public Tensor erf() {
        return Elementwise.map(UnaryOp.ERF, this);
    }

    /// {@return the sine of radians}
    public Tensor sin() {
        return Elementwise.map(UnaryOp.SIN, this);
    }

    /// {@return the cosine of radians}
    public Tensor cos() {
        return Elementwise.map(UnaryOp.COS, this);
    }

    /// {@return the square root} NaN below 0.
    public Tensor sqrt() {
        return Elementwise.map(UnaryOp.SQRT, this);
    }

    /// {@return 1 / √x} ∞ at 0, NaN below.
    public Tensor rsqrt() {
        return sqrt().reciprocal();
    }

    /// {@return the hyperbolic tangent}
    public Tensor tanh() {
        return Elementwise.map(UnaryOp.TANH, this);
    }

    /// {@return −x}
    public Tensor neg() {
        return Elementwise.neg(this);
    }

    /// {@return |x|} The derivative at 0 is 0.
    public Tensor abs() {
        return Elementwise.abs(this);
    }

    /// {@return x · x}
    public Tensor square() {
        return mul(this);
    }

    /// {@return 1 / x}
    public Tensor reciprocal() {
        Checks.floating("reciprocal", this);
        return Sources.constant("reciprocal", this, 1).div(this);
    }

    /// {@return x above 0, else 0} The derivative at 0 is 0; NaN stays NaN and −0 stays −0.
    public Tensor relu() {
        return Elementwise.relu(this);
    }

    /// {@return 1 / (1 + e⁻ˣ)} Exact to some ulp where e⁻ˣ is finite: from −88.7 in float32, −709.7 in float64. Left of
    /// that it is 0, where the true number is below the least normal one.
    public Tensor sigmoid() {
        return Elementwise.sigmoid(this);
    }

    /// {@return x to a constant power} Whole exponents take any x; others give NaN below 0. 1 for exponent 0,
    /// of NaN too.
    ///
    /// @param exponent the power
    public Tensor pow(double exponent) {
        return Powers.pow(this, exponent);
    }

    /// {@return aᵇ, as C's `pow` says: 1 for `b = 0` and for `a = 1`, NaN or not; NaN below 0 unless `b` is whole}
    /// The derivative by `b` is 0 where `a` is 0 and `b` is not negative.
    ///
    /// @param b the exponent, floating point
    public Tensor pow(Tensor b) {
        return Powers.pow(this, b);
    }

    /// {@return x within bounds} The derivative is 1 at the bounds and 0 outside; NaN stays NaN. For one bound take an infinite
    /// other one, or for integers [#maximum(long)] or [#minimum(long)].
    ///
    /// @param low the least result, unless it is above `high`
    /// @param high the greatest result
    public Tensor clamp(double low, double high) {
        return Elementwise.clamp(this, low, high);
    }

    /// {@return x within bounds, exact for int64} The derivative is 1 at the bounds and 0 outside; NaN stays NaN.
    ///
    /// @param low the least result, unless it is above `high`
    /// @param high the greatest result
    public Tensor clamp(long low, long high) {
        return dtype().isInteger()
                ? maximum(low).minimum(high)
                : clamp((double) low, (double) high);
    }

    /// {@return bool: whether x is NaN}
    public Tensor isNaN() {
        return Elementwise.isNaN(this);
    }

    // element by element, two operands

    /// {@return a + b}
    ///
    /// @param b the right operand
    public Tensor add(Tensor b) {
        return Elementwise.map(BinaryOp.ADD, this, b);
    }

    /// {@return a + b}
    ///
    /// @param value the right operand
    public Tensor add(double value) {
        return Elementwise.map("add", BinaryOp.ADD, this, value);
    }

    /// {@return a + b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor add(long value) {
        return add(Sources.constant("add", this, value));
    }

    /// {@return a − b}
    ///
    /// @param b the right operand
    public Tensor sub(Tensor b) {
        return Elementwise.map(BinaryOp.SUB, this, b);
    }

    /// {@return a − b}
    ///
    /// @param value the right operand
    public Tensor sub(double value) {
        return Elementwise.map("sub", BinaryOp.SUB, this, value);
    }

    /// {@return a − b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor sub(long value) {
        return sub(Sources.constant("sub", this, value));
    }

    /// {@return a · b}
    ///
    /// @param b the right operand
    public Tensor mul(Tensor b) {
        return Elementwise.map(BinaryOp.MUL, this, b);
    }

    /// {@return a · b}
    ///
    /// @param value the right operand
    public Tensor mul(double value) {
        return Elementwise.map("mul", BinaryOp.MUL, this, value);
    }

    /// {@return a · b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor mul(long value) {
        return mul(Sources.constant("mul", this, value));
    }

    /// {@return a / b} Integers truncate towards zero.
    ///
    /// @param b the right operand
    public Tensor div(Tensor b) {
        return Elementwise.map(BinaryOp.DIV, this, b);
    }

    /// {@return a / b}
    ///
    /// @param value the right operand
    public Tensor div(double value) {
        return Elementwise.map("div", BinaryOp.DIV, this, value);
    }

    /// {@return a / b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor div(long value) {
        return div(Sources.constant("div", this, value));
    }

    /// {@return the greater one} NaN if either is NaN. Where both are equal, each gets half of the
    /// gradient.
    ///
    /// @param b the right operand
    public Tensor maximum(Tensor b) {
        return Elementwise.map(BinaryOp.MAX, this, b);
    }

    /// {@return the greater one}
    ///
    /// @param value the right operand
    public Tensor maximum(double value) {
        return Elementwise.map("maximum", BinaryOp.MAX, this, value);
    }

    /// {@return the greater one, exact for int64}
    ///
    /// @param value the right operand
    public Tensor maximum(long value) {
        return maximum(Sources.constant("maximum", this, value));
    }

    /// {@return the smaller one} NaN if either is NaN. Where both are equal, each gets half of the
    /// gradient.
    ///
    /// @param b the right operand
    public Tensor minimum(Tensor b) {
        return Elementwise.minimum(this, b);
    }

    /// {@return the smaller one}
    ///
    /// @param value the right operand
    public Tensor minimum(double value) {
        return Elementwise.minimum(this, Sources.constant("minimum", this, value));
    }

    /// {@return the smaller one, exact for int64}
    ///
    /// @param value the right operand
    public Tensor minimum(long value) {
        return minimum(Sources.constant("minimum", this, value));
    }

    /// {@return bool: a < b}
    ///
    /// @param b the right operand
    public Tensor less(Tensor b) {
        return Elementwise.map(BinaryOp.LESS, this, b);
    }

    /// {@return bool: a < b}
    ///
    /// @param value the right operand
    public Tensor less(double value) {
        return less(Sources.constant("less", this, value));
    }

    /// {@return bool: a < b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor less(long value) {
        return less(Sources.constant("less", this, value));
    }

    /// {@return bool: a ≤ b}
    ///
    /// @param b the right operand
    public Tensor lessOrEqual(Tensor b) {
        return Elementwise.lessOrEqual("lessOrEqual", this, b);
    }

    /// {@return bool: a ≤ b}
    ///
    /// @param value the right operand
    public Tensor lessOrEqual(double value) {
        return lessOrEqual(Sources.constant("lessOrEqual", this, value));
    }

    /// {@return bool: a ≤ b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor lessOrEqual(long value) {
        return lessOrEqual(Sources.constant("lessOrEqual", this, value));
    }

    /// {@return bool: a > b}
    ///
    /// @param b the right operand
    public Tensor greater(Tensor b) {
        return Elementwise.map("greater", BinaryOp.LESS, b, this);
    }

    /// {@return bool: a > b}
    ///
    /// @param value the right operand
    public Tensor greater(double value) {
        return greater(Sources.constant("greater", this, value));
    }

    /// {@return bool: a > b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor greater(long value) {
        return greater(Sources.constant("greater", this, value));
    }

    /// {@return bool: a ≥ b}
    ///
    /// @param b the right operand
    public Tensor greaterOrEqual(Tensor b) {
        return Elementwise.lessOrEqual("greaterOrEqual", b, this);
    }

    /// {@return bool: a ≥ b}
    ///
    /// @param value the right operand
    public Tensor greaterOrEqual(double value) {
        return greaterOrEqual(Sources.constant("greaterOrEqual", this, value));
    }

    /// {@return bool: a ≥ b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor greaterOrEqual(long value) {
        return greaterOrEqual(Sources.constant("greaterOrEqual", this, value));
    }

    /// {@return bool: a = b} Bool operands too.
    ///
    /// @param b the right operand
    public Tensor equalTo(Tensor b) {
        return Elementwise.map(BinaryOp.EQUAL, this, b);
    }

    /// {@return bool: a = b}
    ///
    /// @param value the right operand
    public Tensor equalTo(double value) {
        return equalTo(Sources.constant("equalTo", this, value));
    }

    /// {@return bool: a = b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor equalTo(long value) {
        return equalTo(Sources.constant("equalTo", this, value));
    }

    /// {@return bool: a ≠ b} True for NaN; bool operands too.
    ///
    /// @param b the right operand
    public Tensor notEqualTo(Tensor b) {
        return Elementwise.not(
                "notEqualTo", Elementwise.map("notEqualTo", BinaryOp.EQUAL, this, b));
    }

    /// {@return bool: a ≠ b}
    ///
    /// @param value the right operand
    public Tensor notEqualTo(double value) {
        return notEqualTo(Sources.constant("notEqualTo", this, value));
    }

    /// {@return bool: a ≠ b, exact for int64}
    ///
    /// @param value the right operand
    public Tensor notEqualTo(long value) {
        return notEqualTo(Sources.constant("notEqualTo", this, value));
    }

    /// {@return `a` where the condition holds, else `b`}
    ///
    /// @param condition bool
    /// @param a of any dtype
    /// @param b of the dtype of `a`
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Elementwise.where(condition, a, b);
    }

    /// {@return bool: both}
    ///
    /// @param b the right operand
    public Tensor and(Tensor b) {
        return Elementwise.and(this, b);
    }

    /// {@return bool: one of them or both}
    ///
    /// @param b the right operand
    public Tensor or(Tensor b) {
        return Elementwise.or(this, b);
    }

    /// {@return bool: one of them, not both}
    ///
    /// @param b the right operand
    public Tensor xor(Tensor b) {
        return Elementwise.xor(this, b);
    }

    /// {@return bool: the opposite}
    public Tensor not() {
        return Elementwise.not("not", this);
    }

    // folding axes away

    /// {@return the sum of all elements, without axes} 0 of nothing. Of integers and
    /// bool, whose true ones are counted: int64.
    public Tensor sum() {
        return sum(Axes.all());
    }

    /// {@return the sum along some axes, which the result does not have} 0 of nothing. Of integers
    /// and bool, whose true ones are counted: int64.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor sum(int... axes) {
        return sum(Axes.of(axes));
    }

    /// {@return the sum along some axes, dropped or kept with size 1} 0 of nothing. Of integers
    /// and bool, whose true ones are counted: int64.
    ///
    /// @param axes which, and whether they stay
    public Tensor sum(Axes axes) {
        return Reductions.sum(this, axes);
    }

    /// {@return bool: whether any element is true, without axes} False of nothing.
    public Tensor any() {
        return any(Axes.all());
    }

    /// {@return bool: whether any element along some axes is true; the result does not have them} False of nothing.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor any(int... axes) {
        return any(Axes.of(axes));
    }

    /// {@return bool: whether any element along some axes, dropped or kept with size 1, is true} False of nothing.
    ///
    /// @param axes which, and whether they stay
    public Tensor any(Axes axes) {
        return Reductions.any(this, axes);
    }

    /// {@return bool: whether all elements are true, without axes} True of nothing.
    public Tensor all() {
        return all(Axes.all());
    }

    /// {@return bool: whether all elements along some axes are true; the result does not have them} True of nothing.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor all(int... axes) {
        return all(Axes.of(axes));
    }

    /// {@return bool: whether all elements along some axes, dropped or kept with size 1, are true} True of nothing.
    ///
    /// @param axes which, and whether they stay
    public Tensor all(Axes axes) {
        return Reductions.all(this, axes);
    }

    /// {@return the mean of all elements, without axes} NaN of nothing.
    public Tensor mean() {
        return mean(Axes.all());
    }

    /// {@return the mean along some axes, which the result does not have} NaN of nothing.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor mean(int... axes) {
        return mean(Axes.of(axes));
    }

    /// {@return the mean along some axes, dropped or kept with size 1} NaN of nothing.
    ///
    /// @param axes which, and whether they stay
    public Tensor mean(Axes axes) {
        return Reductions.mean(this, axes);
    }

    /// {@return the greatest element of all elements, without axes} NaN if any is NaN. Equal ones
    /// share the gradient evenly.
    public Tensor max() {
        return max(Axes.all());
    }

    /// {@return the greatest element along some axes, which the result does not have} NaN if any is
    /// NaN. Equal ones share the gradient evenly.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor max(int... axes) {
        return max(Axes.of(axes));
    }

    /// {@return the greatest element along some axes, dropped or kept with size 1} NaN if any is
    /// NaN. Equal ones share the gradient evenly.
    ///
    /// @param axes which, and whether they stay
    public Tensor max(Axes axes) {
        return Reductions.max(this, axes);
    }

    /// {@return the least element of all elements, without axes} NaN if any is NaN. Equal ones
    /// share the gradient evenly.
    public Tensor min() {
        return min(Axes.all());
    }

    /// {@return the least element along some axes, which the result does not have} NaN if any is
    /// NaN. Equal ones share the gradient evenly.
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor min(int... axes) {
        return min(Axes.of(axes));
    }

    /// {@return the least element along some axes, dropped or kept with size 1} NaN if any is NaN.
    /// Equal ones share the gradient evenly.
    ///
    /// @param axes which, and whether they stay
    public Tensor min(Axes axes) {
        return Reductions.min(this, axes);
    }

    /// {@return the mean squared distance from the mean along some axes} The sum of squares is
    /// divided by their number less `correction`.
    ///
    /// @param axes which, and whether they stay
    /// @param correction 1 for the unbiased estimate, 0 for the variance of what is there
    public Tensor variance(Axes axes, int correction) {
        return Reductions.variance(this, axes, correction);
    }

    /// {@return the square root of [#variance]} The derivative where it is 0 is 0.
    ///
    /// @param axes which, and whether they stay
    /// @param correction 1 for the unbiased estimate, 0 for the deviation of what is there
    public Tensor std(Axes axes, int correction) {
        return Reductions.std(this, axes, correction);
    }

    /// {@return the length of vectors along some axes: `(Σ |x|ᵖ)^(1/p)`} For `p` ∞ the greatest |x|, for −∞ the
    /// least, for 0 how many elements are not 0. The derivative of a vector of zeros is 0; elements that are
    /// equally great share it evenly.
    ///
    /// @param p which norm; 2 is the Euclidean one
    /// @param axes which, and whether they stay
    public Tensor norm(double p, Axes axes) {
        return Reductions.norm(this, p, axes);
    }

    /// {@return the sums of all elements up to each along an axis} Accumulated in float64. Of integers and
    /// bool: int64.
    ///
    /// @param axis the axis; negative numbers count from the end
    public Tensor cumSum(int axis) {
        return Reductions.cumSum(this, axis);
    }

    /// {@return the first position of the greatest element along an axis, int64} NaN counts as the
    /// greatest.
    ///
    /// @param axis the axis; negative numbers count from the end
    public Tensor argMax(int axis) {
        return Reductions.argMax(this, axis);
    }

    /// {@return the first position of the least element along an axis, int64} NaN counts as the
    /// least.
    ///
    /// @param axis the axis; negative numbers count from the end
    public Tensor argMin(int axis) {
        return Reductions.argMin(this, axis);
    }

    // order along an axis

    /// {@return the elements along an axis, the least first, and where they stood} Equal ones keep their order;
    /// NaN counts as greater than all numbers.
    ///
    /// @param axis the axis; negative numbers count from the end
    public Indexed sort(int axis) {
        return Sorting.sort(this, axis, SortOrder.ASCENDING);
    }

    /// {@return the elements along an axis, the greatest first, and where they stood} Equal ones keep their
    /// order; NaN counts as greater than all numbers.
    ///
    /// @param axis the axis; negative numbers count from the end
    public Indexed sortDescending(int axis) {
        return Sorting.sort(this, axis, SortOrder.DESCENDING);
    }

    /// {@return the `count` greatest elements along an axis, the greatest first, and where they stood}
    ///
    /// @param count how many
    /// @param axis the axis; negative numbers count from the end
    public Indexed topK(int count, int axis) {
        return Sorting.first("topK", this, count, axis, SortOrder.DESCENDING);
    }

    /// {@return the `count` least elements along an axis, the least first, and where they stood}
    ///
    /// @param count how many
    /// @param axis the axis; negative numbers count from the end
    public Indexed bottomK(int count, int axis) {
        return Sorting.first("bottomK", this, count, axis, SortOrder.ASCENDING);
    }

    /// {@return the greatest element along an axis and its first position} NaN if any is NaN. The gradient goes
    /// to that element alone.
    ///
    /// @param axis the axis, which the results do not have; negative numbers count from the end
    public Indexed maxIndexed(int axis) {
        return Sorting.extreme(this, axis, PositionOp.MAX);
    }

    /// {@return the least element along an axis and its first position} NaN if any is NaN. The gradient goes to
    /// that element alone.
    ///
    /// @param axis the axis, which the results do not have; negative numbers count from the end
    public Indexed minIndexed(int axis) {
        return Sorting.extreme(this, axis, PositionOp.MIN);
    }

    // matrices

    /// {@return the sum of products that an equation describes, as `einsum("bij,bjk->bik", a, b)`} Each letter names
    /// an axis; letters that the right side lacks are summed over, a letter that stands twice in a term means a
    /// diagonal, and `...` stands for any number of leading axes, which broadcast. Without an arrow the result has the
    /// letters that stand once, in the order of the alphabet.
    ///
    /// @param equation the names of axes
    /// @param operands of one dtype, floating point where there are several
    /// @throws ShapeException if an axis has two sizes
    /// @throws IllegalArgumentException if the equation does not fit the tensors
    public static Tensor einsum(String equation, Tensor... operands) {
        return Einsum.apply(equation, operands);
    }

    /// {@return the matrix product} Shapes: `[.., m, k] × [.., k, n] → [.., m, n]`; leading axes
    /// broadcast. A vector on the left is a row, on the right a column; its axis is not in the
    /// result.
    ///
    /// @param b the right operand
    /// @throws ShapeException if `k` differs
    public Tensor matMul(Tensor b) {
        return Products.matMul(this, b);
    }

    /// {@return the transposed matrix: a view with the last two axes exchanged}
    public Tensor t() {
        return Views.transpose("t", this, -2, -1);
    }

    // views

    /// {@return a view with two axes exchanged}
    ///
    /// @param a one axis; negative numbers count from the end
    /// @param b the other
    public Tensor transpose(int a, int b) {
        return Views.transpose("transpose", this, a, b);
    }

    /// {@return a view whose axis `i` is this tensor's axis `axes[i]`}
    ///
    /// @param axes every axis once
    public Tensor permute(int... axes) {
        return Views.permute(this, axes);
    }

    /// {@return the same elements in the same row-major order under another shape: a view, where
    /// the layout permits}
    ///
    /// @param sizes the new shape; one −1 stands for what is left
    public Tensor reshape(int... sizes) {
        return Views.reshape(this, Views.inferred(this, sizes));
    }

    /// {@return the same elements in the same row-major order under another shape: a view, where
    /// the layout permits}
    ///
    /// @param shape the new shape
    public Tensor reshape(Shape shape) {
        return Views.reshape(this, shape);
    }

    /// {@return all elements along one axis}
    public Tensor flatten() {
        return Views.flatten(this, 0);
    }

    /// {@return the axes from `firstAxis` to the last made one}
    ///
    /// @param firstAxis the first axis that is folded; negative numbers count from the end
    public Tensor flatten(int firstAxis) {
        return Views.flatten(this, firstAxis);
    }

    /// {@return a view without an axis of size 1}
    ///
    /// @param axis the axis; negative numbers count from the end
    public Tensor squeeze(int axis) {
        return Views.squeeze(this, axis);
    }

    /// {@return a view with a new axis of size 1}
    ///
    /// @param axis its place in the result; negative numbers count from the end
    public Tensor unsqueeze(int axis) {
        return Views.unsqueeze(this, axis);
    }

    /// {@return a view that repeats axes of size 1 and new leading axes}
    ///
    /// @param shape the shape to fill
    public Tensor expand(Shape shape) {
        return Views.expand(this, shape);
    }

    /// {@return a view of elements `start` to `end` − 1 along an axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param start the first; negative numbers count from the end
    /// @param end the first that is left out; negative numbers count from the end, and a number
    ///     beyond the end means the end
    public Tensor slice(int axis, long start, long end) {
        return Views.slice(this, axis, start, end, 1);
    }

    /// {@return a view of elements `start`, `start + step`, … before `end` along an axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param start the first; negative numbers count from the end
    /// @param end where to stop; negative numbers count from the end, and a number beyond the end
    ///     means the end
    /// @param step 1 or more
    public Tensor slice(int axis, long start, long end, long step) {
        return Views.slice(this, axis, start, end, step);
    }

    /// {@return a view of one element along an axis, which the result does not have}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param index its position; negative numbers count from the end
    /// @throws IndexOutOfBoundsException if there is no such element
    public Tensor select(int axis, int index) {
        return Views.select(this, axis, index);
    }

    /// {@return a view of all windows along an axis: the axis counts them, and a new last axis goes
    /// through each} What convolutions and pooling work on. Windows may overlap; the rest of the axis
    /// that fills no window is left out.
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param size how many elements a window has, from 1
    /// @param step the distance between two windows, from 1
    /// @param dilation the distance between two elements of a window, from 1
    /// @throws ShapeException if the axis does not exist, or is shorter than one window
    public Tensor windows(int axis, int size, int step, int dilation) {
        int along = shape().axis("windows", axis);
        return Dispatch.apply(new Op.Windows(along, size, step, dilation), this);
    }

    /// {@return a view that walks some axes backwards}
    ///
    /// @param axes the axes; negative numbers count from the end
    public Tensor flip(int... axes) {
        return Views.flip(this, axes);
    }

    /// {@return a view of the diagonals of the matrices that two axes make, as the last axis of the result}
    /// Shapes: `[n, n, ..] → [.., n]`.
    ///
    /// @param a one axis; negative numbers count from the end
    /// @param b the other, of the same size
    /// @throws ShapeException if the sizes differ
    public Tensor diagonal(int a, int b) {
        return Triangles.diagonal(this, a, b);
    }

    /// {@return the matrices of the last two axes, 0 below a diagonal}
    ///
    /// @param diagonal 0 is the main one, 1 the next above, −1 the next below
    public Tensor triu(int diagonal) {
        return Triangles.upper(this, diagonal);
    }

    /// {@return the matrices of the last two axes, 0 above a diagonal}
    ///
    /// @param diagonal 0 is the main one, 1 the next above, −1 the next below
    public Tensor tril(int diagonal) {
        return Triangles.lower(this, diagonal);
    }

    // joining

    /// {@return a copy that is longer along one axis}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param before how many elements to put before
    /// @param after how many to put after
    /// @param value what they are; of int64 up to 2⁵³
    public Tensor pad(int axis, int before, int after, double value) {
        return Views.pad(this, axis, before, after, value);
    }

    /// {@return a copy that is longer along one axis, by elements of its own}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param before how many elements to put before; below 0, how many to leave out
    /// @param after how many to put after; below 0, how many to leave out
    /// @param mode which elements
    public Tensor pad(int axis, int before, int after, PadMode mode) {
        return Indexing.pad(this, axis, before, after, mode);
    }

    /// {@return tensors one after another along an axis; all other axes are equal}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param parts one or more
    public static Tensor concat(int axis, Tensor... parts) {
        return Views.concat(axis, parts);
    }

    /// {@return tensors of equal shape side by side along a new axis}
    ///
    /// @param axis the place of the new axis; negative numbers count from the end
    /// @param parts one or more
    public static Tensor stack(int axis, Tensor... parts) {
        return Views.stack(axis, parts);
    }

    // elements by position

    /// {@return one element of this tensor for each index: `out[i, j] = x[index[i, j], j]` for axis
    /// 0}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param index int64, with as many axes, none longer but `axis`
    /// @throws IndexOutOfBoundsException if an index is outside of the axis
    public Tensor gather(int axis, Tensor index) {
        return Indexing.gather(this, axis, index);
    }

    /// {@return this tensor with `source` added at the indices:
    /// `out[index[i, j], j] += source[i, j]` for axis 0} In row-major order of the index.
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param index int64, with as many axes, none longer but `axis`
    /// @param source of the dtype of this tensor, along no axis shorter than `index`; what is beyond is not added
    /// @throws IndexOutOfBoundsException if an index is outside of the axis
    public Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        return Indexing.scatterAdd(this, axis, index, source);
    }

    /// {@return whole slices along an axis, in the order of the index}
    ///
    /// @param axis the axis; negative numbers count from the end
    /// @param index int64 positions, one axis
    /// @throws IndexOutOfBoundsException if an index is outside of the axis
    public Tensor indexSelect(int axis, Tensor index) {
        return Indexing.indexSelect(this, axis, index);
    }

    /// {@return int64 rows with 1 at the class and 0 elsewhere} Shapes: `[..] → [.., classes]`.
    ///
    /// @param classes how many there are
    /// @throws IndexOutOfBoundsException if an element is not from 0 to `classes` − 1
    public Tensor oneHot(int classes) {
        return Indexing.oneHot(this, classes);
    }

    // the same numbers elsewhere

    /// {@return the elements as another dtype; this tensor if it has it} To floating point they are
    /// rounded once, to nearest, ties to even. To integers floating point is truncated towards zero and
    /// saturates, and NaN gives 0; from integer to integer the low bits stay. To bool everything but zero
    /// is true. Only between float32 and float64 a gradient leads through it.
    ///
    /// @param dtype the dtype
    public Tensor cast(DType dtype) {
        return Views.cast(this, dtype);
    }

    /// {@return the tensor on another device; this tensor if it lives there}
    ///
    /// @param device where to
    public Tensor to(Device device) {
        return this.device == device ? this : Dispatch.apply(new Op.Transfer(device), this);
    }

    /// {@return a tensor whose elements lie in row-major order without gaps; this tensor if they
    /// do}
    public Tensor contiguous() {
        return data.layout().isContiguous() ? this : copy();
    }

    /// {@return the elements in memory of their own}
    public Tensor copy() {
        return Dispatch.apply(new Op.Copy(), this);
    }

    /// {@return a view through which no gradient leads}
    public Tensor detach() {
        return tracked || parameter != null
                ? new Tensor(device, data, version, false, null, null)
                : this;
    }

    /// {@return a new tracked leaf on the same memory: something to ask gradients of}
    public Tensor requireGradient() {
        Checks.floating("requireGradient", this);
        return new Tensor(device, data, version, true, null, null);
    }

    // numbers for the host

    /// {@return the one element as a double; bool gives 0 or 1}
    ///
    /// @throws ShapeException if there is not exactly one
    public double item() {
        return Host.item(this);
    }

    /// {@return the one element of an int64, int32 or uint8 tensor}
    ///
    /// @throws ShapeException if there is not exactly one
    public long itemLong() {
        return Host.itemLong(this);
    }

    /// {@return the elements of a float32 tensor in row-major order}
    public float[] toFloats() {
        return Host.floats(this);
    }

    /// {@return the elements of a float64 or float32 tensor in row-major order}
    public double[] toDoubles() {
        return Host.doubles(this);
    }

    /// {@return the elements of an int64, int32 or uint8 tensor in row-major order}
    public long[] toLongs() {
        return Host.longs(this);
    }

    /// {@return the elements of an int32 tensor in row-major order}
    public int[] toInts() {
        return Host.ints(this);
    }

    /// {@return the elements of a uint8 tensor in row-major order} 255 is −1 there.
    public byte[] toBytes() {
        return Host.bytes(this);
    }

    /// {@return the elements of a bool tensor in row-major order}
    public boolean[] toBooleans() {
        return Host.booleans(this);
    }

    /// Writes the elements to host memory: dense, in row-major and native byte order.
    ///
    /// @param host exactly as many bytes as the tensor has
    public void copyTo(MemorySegment host) {
        Host.copyTo(this, host);
    }

    /// {@return the numbers as text to read: a row of the last axis a line, rounded to 4 decimals} Of more than 1000
    /// elements, each axis shows its first and its last 3.
    ///
    /// ```text
    /// [[ 1.0000, -2.5000],
    ///  [10.0000,     NaN]]
    /// ```
    public String show() {
        return Listing.of(this);
    }

    // gradients

    /// Adds the gradient of this scalar to [Parameter#grad] of every parameter that leads to it.
    ///
    /// @throws IllegalStateException if no parameter leads to it
    public void backward() {
        Gradients.backward(this);
    }

    /// As [#backward()], for some parameters alone: the gradients of all others stay as they are, and are not computed.
    ///
    /// @param parameters those that get gradients, as far as they lead to this tensor
    /// @throws ShapeException if this tensor has more or less than one element
    /// @throws IllegalStateException if none of them leads to this tensor
    public void backward(Collection<Parameter> parameters) {
        Gradients.backward(this, parameters);
    }

    /// {@return what `body` returns} Operations in it are not recorded.
    ///
    /// @param <T> the type of the result
    /// @param body what to run
    public static <T extends @Nullable Object> T noGrad(Supplier<T> body) {
        return Recording.off(body);
    }

    /// Runs `body`; operations in it are not recorded.
    ///
    /// @param body what to run
    public static void noGrad(Runnable body) {
        Recording.off(body);
    }

    /// {@return what `body` gives while operations are recorded for gradients, also inside of [#noGrad]} For what learns
    /// within an evaluation.
    ///
    /// @param <T> what `body` gives
    /// @param body computes with tensors
    public static <T extends @Nullable Object> T enableGrad(Supplier<T> body) {
        return Recording.on(body);
    }

    /// {@return a function of some tensors with a derivative of its own} For what the derivatives
    /// of primitives do not give: straight-through estimators, recomputation, better-conditioned
    /// formulas.
    ///
    /// @param inputs what `vjp` may be asked for
    /// @param forward computes the result from detached inputs; not recorded; a new tensor, not an
    ///     input
    /// @param vjp the derivative
    public static Tensor custom(
            List<Tensor> inputs, Function<List<Tensor>, Tensor> forward, Vjp vjp) {
        return custom("custom", inputs, forward, vjp);
    }

    /// {@return a function of some tensors with a derivative of its own, and a name}
    ///
    /// @param name what it is called in messages
    /// @param inputs what `vjp` may be asked for
    /// @param forward computes the result from detached inputs; not recorded; a new tensor, not an
    ///     input
    /// @param vjp the derivative
    public static Tensor custom(
            String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> forward, Vjp vjp) {
        return Custom.apply(name, inputs, forward, vjp);
    }

    /// {@return a function that is computed as a whole, forwards and backwards}
    ///
    /// @param by its definition, and how it is computed
    /// @param inputs one or more, on one device
    public static Tensor composite(Composite by, Tensor... inputs) {
        return Written.apply(by, List.of(inputs));
    }

    /// `Tensor [64, 10] float32`, without the numbers, which [#show] has.
    @Override
    public String toString() {
        return "Tensor " + shape() + " " + dtype();
    }

    Operand data() {
        return data;
    }

    @Nullable Node node() {
        return node;
    }

    @Nullable Parameter parameter() {
        return parameter;
    }

    /// {@return whether this is all of its storage, in row-major order}
    boolean fillsItsStorage() {
        Layout layout = data.layout();
        return layout.isContiguous()
                && layout.offset() == 0
                && elementCount() == data.storage().elementCount();
    }

    /// @throws IllegalStateException if the memory was released, which names shape, dtype and scope, or overwritten
    boolean isAlive() {
        return !data.storage().isReleased() && data.storage().version() == version;
    }

    void checkAlive() {
        if (data.storage().isReleased()) {
            throw released();
        }
        if (data.storage().version() != version) {
            throw new IllegalStateException(
                    "%s is out of date: its memory was overwritten, by the step of an optimizer of row-sparse parameters or the next call of a Captured; copy() what is needed afterwards"
                            .formatted(this));
        }
    }

    private IllegalStateException released() {
        String by = data.storage().releasedBy().orElseThrow();
        IllegalStateException error =
                new IllegalStateException(
                        this
                                + " was released with "
                                + by
                                + "; return it from the scope or keep(t)");
        data.storage().allocation().ifPresent(error::addSuppressed);
        return error;
    }
}
