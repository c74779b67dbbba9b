package tensor.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Where numbers live and are computed: memory on one device, and the forward primitives.
///
/// Shapes, dtypes and lifetimes have been checked by the caller, once per operation; derivatives
/// and composites are tensor code above. So a backend is this interface and nothing else.
///
/// - **Operands.** Inputs have any layout. `out` is contiguous, of the result's shape, and overlaps
///   no input, unless a method says otherwise; its contents are undefined before, except for
///   [#scatterAdd].
/// - **Same bits.** The bits of a result are a function of shapes and values only: never of the
///   number of threads, the width of vectors, the state of the compiler, or the strides of an input
///   (a strided input gives the bits of its contiguous copy). Sums of floats go over a fixed tree
///   of 16 lanes, partitioned by size.
/// - **Order.** An operation sees the results of those called before it on the same thread. A
///   device may work behind the caller's back; [#download] and [#synchronize] wait.
/// - **Threads.** Methods may be called from several threads at once, on different outputs.
public interface Backend {

    /// {@return the name of the device, as in `Device.of(name)`}
    String name();

    /// {@return new memory, contents undefined} The caller owns it and releases it.
    ///
    /// @param dtype the type of the elements
    /// @param elementCount the number of elements
    Storage allocate(DType dtype, long elementCount);

    /// Fills `target` from host memory: dense elements in native byte order, `target.byteSize()`
    /// bytes. Host memory may be any segment, on or off the heap, of any alignment.
    ///
    /// @param host the memory to read
    /// @param target the storage to fill
    void upload(MemorySegment host, Storage target);

    /// Writes `source` to host memory: dense elements in native byte order, `source.byteSize()`
    /// bytes. Host memory may be any segment, on or off the heap, of any alignment.
    ///
    /// @param source the storage to read
    /// @param host the memory to fill
    void download(Storage source, MemorySegment host);

    /// `out = op(x)`. Floating point only; equal shapes and dtypes.
    ///
    /// @param op the operator
    /// @param x the input
    /// @param out the result
    void unary(UnaryOp op, Operand x, Operand out);

    /// `out = op(a, b)`. Equal shapes; `a` and `b` of one dtype on which `op` is defined, which is
    /// `out`'s too unless `op` is a comparison.
    ///
    /// @param op the operator
    /// @param a the first input
    /// @param b the second input
    /// @param out the result
    void binary(BinaryOp op, Operand a, Operand b, Operand out);

    /// `out = condition ? a : b`. Equal shapes; `condition` is bool, the others are of one dtype,
    /// any.
    ///
    /// @param condition which of the two to take, bool
    /// @param a the first input
    /// @param b the second input
    /// @param out the result
    void where(Operand condition, Operand a, Operand b, Operand out);

    /// Folds `axes` of `x`, which have size 1 in `out`; the rank stays. `op` is defined on the dtype.
    ///
    /// @param op the operator
    /// @param x the input
    /// @param axes ascending, at least one, counted from the start
    /// @param out the result
    void reduce(ReduceOp op, Operand x, int[] axes, Operand out);

    /// `out[.., i, ..]` is the sum of `x[.., 0, ..]` to `x[.., i, ..]`, in order, along `axis`. Sums of
    /// floats are accumulated in float64; integers wrap around. Float32, float64, int64.
    ///
    /// @param x the input
    /// @param axis along which, from 0
    /// @param out the result, of the shape of `x`
    void cumSum(Operand x, int axis, Operand out);

    /// Finds a position along `axis`, which has at least one element in `x` and size 1 in `out`. Float32,
    /// float64, integers.
    ///
    /// @param op which position
    /// @param x the input
    /// @param axis along which, from 0
    /// @param out the positions, int64
    void position(PositionOp op, Operand x, int axis, Operand out);

    /// Finds the positions along `axis` at which the elements stand in order: `out[.., 0, ..]` is that of
    /// the first. Equal elements keep their order. Float32, float64, integers.
    ///
    /// @param order which way
    /// @param x the input
    /// @param axis along which, from 0
    /// @param out the positions, int64, of the shape of `x`
    void argSort(SortOrder order, Operand x, int axis, Operand out);

    /// `out[.., i, j] = Σ_k a[.., i, k] · b[.., k, j]`, floating point, accumulated in the
    /// operands' type or better, in an order that shapes, layouts and the device decide alone: the same
    /// operands give the same bits each time. Ranks of at least 2 with equal leading axes, which
    /// may be expanded (stride 0); either may be a transposed view. An inner size of 0 gives zeros.
    ///
    /// @param a the first input
    /// @param b the second input
    /// @param out the result
    void matMul(Operand a, Operand b, Operand out);

    /// `out = Σ a · b` over the axes that `out` does not have, floating point, accumulated in the operands' type or
    /// better, in row-major order of those axes in `a`. Sizes are equal where names are; axes may be expanded, and
    /// overlap as those of windows do. An inner size of 0 gives zeros.
    ///
    /// The matrix product is the simplest case; this default leads back to it, by copies. A backend that reads the axes
    /// where they are needs none.
    ///
    /// @param by the names of the axes
    /// @param a the left input
    /// @param b the right input
    /// @param out the result
    default void contract(Contraction by, Operand a, Operand b, Operand out) {
        new MatrixContraction(this, by).run(a, b, out);
    }

    /// `out[.., i, ..] = x[.., index[.., i, ..], ..]` along `axis`. `index` is int64, has the rank
    /// of `x` and the shape of `out`, and no axis but `axis` is longer than in `x`. Any dtype.
    ///
    /// @param x the input
    /// @param index the positions, int64
    /// @param axis the axis that `index` counts along, from 0
    /// @param out the result
    /// @throws IndexOutOfBoundsException if an index is below 0 or not below the size; names index,
    ///     size and axis
    void gather(Operand x, Operand index, int axis, Operand out);

    /// `out[.., index[.., i, ..], ..] += source[.., i, ..]` along `axis`, in row-major order of
    /// `index`. `out` is initialised. `index` is int64 and has the shape of `source`; no axis but
    /// `axis` is longer than in `out`. Float32, float64, integers, which wrap around.
    ///
    /// @param index the positions, int64
    /// @param source the elements to add
    /// @param axis the axis that `index` counts along, from 0
    /// @param out what is added to
    /// @throws IndexOutOfBoundsException if an index is below 0 or not below the size; names index,
    ///     size and axis
    void scatterAdd(Operand index, Operand source, int axis, Operand out);

    /// Converts between any two dtypes. To floating point numbers are rounded once, to nearest, ties to
    /// even; a NaN becomes `0x7E00` as float16 and `0x7FC0` as bfloat16. To integers floating point is
    /// truncated towards zero and saturates, and NaN gives 0; from integer to integer the low bits stay.
    /// To bool everything but zero, NaN included, is 1; bool gives 0 and 1.
    ///
    /// @param x the input
    /// @param out the result
    void cast(Operand x, Operand out);

    /// Copies elements. Equal shapes and dtypes; `out` may have any layout without repeated
    /// elements.
    ///
    /// @param x the input
    /// @param out the result
    void copy(Operand x, Operand out);

    /// Sets every element to one bit pattern. `out` may have any layout.
    ///
    /// @param out the result
    /// @param bits the element's bits in its low bytes, see [DType#bits(double)]
    void fill(Operand out, long bits);

    /// Fills with random numbers: uniform in [0, 1) for float32 and float64, all 64 bits for int64; there
    /// are none of other dtypes.
    ///
    /// Element `i`, in row-major order, depends on `key`, `stream` and `i` only. Philox4x32-10 with
    /// key words `(low, high)` of `key` and counter words `(low, high)` of the block number and
    /// `(low, high)` of `stream` gives four words w₀…w₃ a block:
    ///
    /// - float32: block `i / 4`, the upper 24 bits of word `i mod 4`, times 2⁻²⁴
    /// - int64: block `i / 2`, bits `w₁:w₀` for even `i`, `w₃:w₂` for odd (the first is the upper
    ///   half)
    /// - float64: the upper 53 bits of that int64, times 2⁻⁵³
    ///
    /// @param key the key words
    /// @param stream the upper counter words
    /// @param out the result
    void random(long key, long stream, Operand out);

    /// Computes several operations at once. The results have the bits that the single operations would give.
    ///
    /// A backend that does not say otherwise runs them one after the other.
    ///
    /// @param program the operations
    /// @param domain the shape of all inputs but those whose last axis has size 1, with at least one element; of rank 1 or
    ///     more if the program has rows
    /// @param inputs the operands, of the domain or, where they are one for each row, of the domain with a last axis of size 1
    /// @param outputs the results, of shapes as the inputs'; no two elements of them in one place
    default void run(Program program, Shape domain, List<Operand> inputs, List<Operand> outputs) {
        program.stepByStep(this, domain, inputs, outputs);
    }

    /// {@return what this thread asks of this backend while `body` runs, to be done again; empty if the backend keeps no
    /// such record, and then `body` has not run}
    ///
    /// `body` runs twice, and must ask for the same both times: what the host says (a number that fills memory, elements
    /// that it uploads, the key of random numbers) stays as it is. Memory that `body` allocates belongs to the record until
    /// that is closed; what it reads and writes of other memory must be named.
    ///
    /// @param given other memory that `body` uses; the caller keeps it alive
    /// @param body what is recorded
    /// @throws IllegalStateException if `body` reads elements on the host, uses memory that is not given, or asks for
    ///     something else the second time
    default Optional<Capture> capture(List<Storage> given, Runnable body) {
        return Optional.empty();
    }

    /// Waits until everything called so far is done.
    void synchronize();
}
