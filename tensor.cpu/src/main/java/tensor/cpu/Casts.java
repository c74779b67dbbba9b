package tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import tensor.layout.DType;

/// The way from one type to another: loops, one after the other.
///
/// Between float32, float64, int64 and int32 it is one loop. Types of one and two bytes are reached by way of int32 and
/// float32.
final class Casts {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    private final List<CastChain.Link> way = new ArrayList<>();

    private Casts() {}

    /// {@return the loop that converts} Between different types, none of them bool.
    static UnaryKernel of(DType from, DType to) {
        Casts casts = new Casts();
        casts.go(from, to);
        List<CastChain.Link> way = List.copyOf(casts.way);
        return way.size() == 1 ? way.getFirst().loop() : new CastChain(from.byteSize(), way);
    }

    private void go(DType from, DType to) {
        switch (from) {
            case UINT8 -> {
                add(BYTES, SHORTS, VectorOperators.ZERO_EXTEND_B2S);
                add(SHORTS, INTS, VectorOperators.S2I);
                goFromWide(DType.INT32, to);
            }
            case FLOAT16 -> {
                add(Specialize.copy(Float16Read.class, UnaryKernel.class), 4);
                goFromWide(DType.FLOAT32, to);
            }
            case BFLOAT16 -> {
                add(Specialize.copy(Bfloat16Read.class, UnaryKernel.class), 4);
                goFromWide(DType.FLOAT32, to);
            }
            case FLOAT32, FLOAT64, INT64, INT32 -> goFromWide(from, to);
            case BOOL -> throw unsupported();
        }
    }

    private void goFromWide(DType from, DType to) {
        switch (to) {
            case FLOAT32, FLOAT64, INT64, INT32 -> goBetweenWide(from, to);
            case UINT8 -> {
                goBetweenWide(from, DType.INT32);
                if (from.isFloating()) {
                    add(Specialize.copy(ClampToByte.class, UnaryKernel.class), 4);
                }
                add(INTS, SHORTS, VectorOperators.I2S);
                add(SHORTS, BYTES, VectorOperators.S2B);
            }
            case FLOAT16 -> {
                shorten(from);
                add(Specialize.copy(Float16Write.class, UnaryKernel.class), 2);
            }
            case BFLOAT16 -> {
                shorten(from);
                add(Specialize.copy(Bfloat16Write.class, UnaryKernel.class), 2);
            }
            case BOOL -> throw unsupported();
        }
    }

    private void goBetweenWide(DType from, DType to) {
        if (from != to) {
            VectorSpecies<?> source = Loops.species(from);
            VectorSpecies<?> target = Loops.species(to);
            add(
                    source,
                    target,
                    VectorOperators.Conversion.ofCast(source.elementType(), target.elementType()));
        }
    }

    /// To float32 so that it rounds further as the number itself would.
    private void shorten(DType from) {
        if (from == DType.INT64) {
            add(Shorten::longs, 8);
        }
        if (from != DType.FLOAT32) {
            goBetweenWide(from, DType.FLOAT64);
            add(Shorten::doubles, 8);
            goBetweenWide(DType.FLOAT64, DType.FLOAT32);
        }
    }

    /// The wider type fills a vector, the other one a part of a vector with as many lanes.
    private void add(
            VectorSpecies<?> from, VectorSpecies<?> to, VectorOperators.Conversion<?, ?> cast) {
        int lanes = Math.min(from.length(), to.length());
        VectorSpecies<?> source = narrow(from, lanes);
        VectorSpecies<?> target = narrow(to, lanes);
        add(
                Specialize.copy(CastLoop.class, UnaryKernel.class, source, target, cast),
                target.elementSize() / 8);
    }

    private void add(UnaryKernel loop, int byteSize) {
        way.add(new CastChain.Link(loop, byteSize));
    }

    private static VectorSpecies<?> narrow(VectorSpecies<?> species, int lanes) {
        return species.withShape(VectorShape.forBitSize(lanes * species.elementSize()));
    }

    private static IllegalArgumentException unsupported() {
        return new IllegalArgumentException("cast: bool has no loop of its own");
    }
}
