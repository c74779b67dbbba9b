package tensor.cpu;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.UnaryOp;

/// Which dense loop computes which operator on which type. A loop is made when it is first needed.
///
/// Each loop begins with slices of its segments, from which it reads and to which it writes. Where vectors of segments on the heap
/// have been seen, as those that the Vector API makes by itself for `reinterpretAsInts` while it is not compiled, the compiler would
/// else ask of which kind a segment is for each vector, and load the constants again: 3.2 ns in place of 0.8. A slice's kind is known.
final class Loops {
    private final Table<UnaryOp, UnaryKernel> unary = new Table<>(UnaryOp.class, Loops::newUnary);
    private final Table<BinaryOp, BinaryKernel> binary =
            new Table<>(BinaryOp.class, Loops::newBinary);
    private final Table<DType, UnaryKernel> casts =
            new Table<>(DType.class, (to, from) -> Casts.of(from, to));
    private final Table<DType, BinaryKernel> notEqual =
            new Table<>(DType.class, (_, dtype) -> compare(VectorOperators.NE, dtype));
    private final Table<DType, WhereKernel> where =
            new Table<>(DType.class, (_, dtype) -> newWhere(dtype));

    /// {@return the loop of `op`; for float32 and float64}
    UnaryKernel unary(UnaryOp op, DType dtype) {
        return unary.get(op, dtype);
    }

    /// {@return the loop of `op` on inputs of `dtype`}
    BinaryKernel binary(BinaryOp op, DType dtype) {
        return binary.get(op, dtype);
    }

    /// {@return the loop of `a ≠ b`, true if either is NaN; not for bool}
    BinaryKernel notEqual(DType dtype) {
        return notEqual.get(dtype, dtype);
    }

    /// {@return the loop that converts; between different types, none of them bool}
    UnaryKernel cast(DType from, DType to) {
        return casts.get(to, from);
    }

    /// {@return the loop that chooses between elements of `dtype`}
    WhereKernel where(DType dtype) {
        return where.get(dtype, dtype);
    }

    private static UnaryKernel newUnary(UnaryOp op, DType dtype) {
        boolean single = dtype == DType.FLOAT32;
        if (!dtype.isFloating()) {
            throw unsupported(op, dtype);
        }
        return switch (op) {
            case NEG -> map(VectorOperators.NEG, dtype);
            case SQRT -> map(VectorOperators.SQRT, dtype);
            case EXP -> function(single ? Float32Exp.class : Float64Exp.class);
            case LOG -> function(single ? Float32Log.class : Float64Log.class);
            case SIN -> sine(dtype, 0);
            case COS -> sine(dtype, 1);
            case TANH -> function(single ? Float32Tanh.class : Float64Tanh.class);
            case EXPM1 -> function(single ? Float32Expm1.class : Float64Expm1.class);
            case LOG1P -> function(single ? Float32Log1p.class : Float64Log1p.class);
            case ERF -> function(single ? Float32Erf.class : Float64Erf.class);
        };
    }

    private static UnaryKernel function(Class<? extends UnaryKernel> loop) {
        return Specialize.copy(loop, UnaryKernel.class);
    }

    private static UnaryKernel map(VectorOperators.Unary op, DType dtype) {
        return Specialize.copy(UnaryLoop.class, UnaryKernel.class, species(dtype), op);
    }

    private static UnaryKernel sine(DType dtype, int quarters) {
        Class<? extends UnaryKernel> template =
                dtype == DType.FLOAT32 ? Float32Sine.class : Float64Sine.class;
        return Specialize.copy(template, UnaryKernel.class, quarters);
    }

    private static BinaryKernel newBinary(BinaryOp op, DType dtype) {
        if (!op.isDefinedOn(dtype)) {
            throw unsupported(op, dtype);
        }
        boolean unsigned = dtype == DType.UINT8;
        return switch (op) {
            case ADD -> map(VectorOperators.ADD, dtype);
            case SUB -> map(VectorOperators.SUB, dtype);
            case MUL -> map(VectorOperators.MUL, dtype);
            case DIV -> dtype.isInteger() ? divide(dtype) : map(VectorOperators.DIV, dtype);
            case MAX -> map(unsigned ? VectorOperators.UMAX : VectorOperators.MAX, dtype);
            case POW -> dtype == DType.FLOAT32 ? new Float32Power() : new Float64Power();
            case LESS -> compare(unsigned ? VectorOperators.ULT : VectorOperators.LT, dtype);
            case EQUAL -> compare(VectorOperators.EQ, dtype);
        };
    }

    private static BinaryKernel map(VectorOperators.Binary op, DType dtype) {
        return Specialize.copy(BinaryLoop.class, BinaryKernel.class, species(dtype), op);
    }

    private static BinaryKernel divide(DType dtype) {
        return Specialize.copy(
                IntegerDivide.class, BinaryKernel.class, dtype.toString(), dtype.byteSize());
    }

    private static BinaryKernel compare(VectorOperators.Comparison op, DType dtype) {
        return Specialize.copy(CompareLoop.class, BinaryKernel.class, species(dtype), op);
    }

    private static WhereKernel newWhere(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8 -> new ByteWhere();
            case FLOAT16, BFLOAT16 -> where(ShortVector.SPECIES_PREFERRED);
            case FLOAT32, INT32 -> where(IntVector.SPECIES_PREFERRED);
            case FLOAT64, INT64 -> where(LongVector.SPECIES_PREFERRED);
        };
    }

    private static WhereKernel where(VectorSpecies<?> bits) {
        return Specialize.copy(WhereLoop.class, WhereKernel.class, bits);
    }

    /// {@return the vectors of elements that are computed with or compared}
    static VectorSpecies<?> species(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> FloatVector.SPECIES_PREFERRED;
            case FLOAT64 -> DoubleVector.SPECIES_PREFERRED;
            case INT64 -> LongVector.SPECIES_PREFERRED;
            case INT32 -> IntVector.SPECIES_PREFERRED;
            case UINT8, BOOL -> ByteVector.SPECIES_PREFERRED;
            case FLOAT16, BFLOAT16 ->
                    throw new IllegalArgumentException(dtype + " is not computed with; cast first");
        };
    }

    static IllegalArgumentException unsupported(Enum<?> op, DType dtype) {
        return new IllegalArgumentException(
                op.name().toLowerCase(Locale.ROOT) + ": not defined on " + dtype + "; cast first");
    }

    /// A loop for each type and operator, made on demand.
    private static final class Table<O extends Enum<O>, K> {
        private final Map<DType, Map<O, Once<K>>> entries = new EnumMap<>(DType.class);

        private Table(Class<O> operators, BiFunction<O, DType, K> make) {
            for (DType dtype : DType.values()) {
                Map<O, Once<K>> row = new EnumMap<>(operators);
                for (O op : operators.getEnumConstants()) {
                    row.put(op, new Once<>(() -> make.apply(op, dtype)));
                }
                entries.put(dtype, row);
            }
        }

        private K get(O op, DType dtype) {
            return requireNonNull(requireNonNull(entries.get(dtype)).get(op)).get();
        }
    }
}
