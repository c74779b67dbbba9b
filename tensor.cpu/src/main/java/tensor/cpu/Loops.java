package tensor.cpu;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import tensor.layout.DType;
import tensor.spi.BinaryOp;
import tensor.spi.UnaryOp;

/// Which dense loop computes which operator on which type. A loop is made when it is first needed.
final class Loops {
    private final Table<UnaryOp, UnaryKernel> unary = new Table<>(UnaryOp.class, Loops::newUnary);
    private final Table<BinaryOp, BinaryKernel> binary =
            new Table<>(BinaryOp.class, Loops::newBinary);
    private final Table<DType, UnaryKernel> casts = new Table<>(DType.class, Loops::newCast);
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
        return casts.get(from, to);
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
            case EXP -> single ? new Float32Exp() : new Float64Exp();
            case LOG -> single ? new Float32Log() : new Float64Log();
            case SIN -> sine(dtype, 0);
            case COS -> sine(dtype, 1);
            case TANH -> single ? new Float32Tanh() : new Float64Tanh();
            case EXPM1 -> single ? new Float32Expm1() : new Float64Expm1();
            case LOG1P -> single ? new Float32Log1p() : new Float64Log1p();
            case ERF -> single ? new Float32Erf() : new Float64Erf();
        };
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
        if (dtype == DType.BOOL) {
            return new BoolEqual();
        }
        return switch (op) {
            case ADD -> map(VectorOperators.ADD, dtype);
            case SUB -> map(VectorOperators.SUB, dtype);
            case MUL -> map(VectorOperators.MUL, dtype);
            case DIV -> dtype == DType.INT64 ? new LongDivide() : map(VectorOperators.DIV, dtype);
            case MAX -> map(VectorOperators.MAX, dtype);
            case POW -> dtype == DType.FLOAT32 ? new Float32Power() : new Float64Power();
            case LESS -> compare(VectorOperators.LT, dtype);
            case EQUAL -> compare(VectorOperators.EQ, dtype);
        };
    }

    private static BinaryKernel map(VectorOperators.Binary op, DType dtype) {
        return Specialize.copy(BinaryLoop.class, BinaryKernel.class, species(dtype), op);
    }

    private static BinaryKernel compare(VectorOperators.Comparison op, DType dtype) {
        return Specialize.copy(CompareLoop.class, BinaryKernel.class, species(dtype), op);
    }

    private static WhereKernel newWhere(DType dtype) {
        return switch (dtype) {
            case BOOL -> new BoolWhere();
            case FLOAT32 ->
                    Specialize.copy(
                            WhereLoop.class, WhereKernel.class, IntVector.SPECIES_PREFERRED);
            case FLOAT64, INT64 ->
                    Specialize.copy(
                            WhereLoop.class, WhereKernel.class, LongVector.SPECIES_PREFERRED);
        };
    }

    /// The wider type fills a vector, the other one a part of a vector with as many lanes.
    private static UnaryKernel newCast(DType from, DType to) {
        VectorSpecies<?> source = species(from);
        VectorSpecies<?> target = species(to);
        int lanes = Math.min(source.length(), target.length());
        return Specialize.copy(
                CastLoop.class,
                UnaryKernel.class,
                narrow(source, lanes),
                narrow(target, lanes),
                VectorOperators.Conversion.ofCast(source.elementType(), target.elementType()));
    }

    private static VectorSpecies<?> narrow(VectorSpecies<?> species, int lanes) {
        return species.withShape(VectorShape.forBitSize(lanes * species.elementSize()));
    }

    private static VectorSpecies<?> species(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> FloatVector.SPECIES_PREFERRED;
            case FLOAT64 -> DoubleVector.SPECIES_PREFERRED;
            case INT64 -> LongVector.SPECIES_PREFERRED;
            case BOOL -> throw new IllegalArgumentException("bool has no vectors of its own");
        };
    }

    private static IllegalArgumentException unsupported(Enum<?> op, DType dtype) {
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
