package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = erf x` on float64: below 1 an odd polynomial, above it 1 − eᵖ, where `p` is a polynomial near `ln erfc x`. Both
/// were fitted by least squares at Chebyshev nodes with 50 digits.
///
/// Error below 2 ulp. ±1 at ±∞ and from 5.93 on, keeps the sign of zero, NaN at NaN.
final class Float64Erf implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    static final DoubleVector C1 = constant(0x1.0613987edce0dp-34);
    static final DoubleVector C2 = constant(-0x1.38a4b8db8a7c5p-30);
    static final DoubleVector C3 = constant(0x1.f7b72e5bcd4ffp-27);
    static final DoubleVector C4 = constant(-0x1.5f1f0634fb062p-23);
    static final DoubleVector C5 = constant(0x1.b9df2954a9147p-20);
    static final DoubleVector C6 = constant(-0x1.f4d1e3a67dc3ep-17);
    static final DoubleVector C7 = constant(0x1.f9a321dd3898cp-14);
    static final DoubleVector C8 = constant(-0x1.c02db3db06d60p-11);
    static final DoubleVector C9 = constant(0x1.565bcd0dbc1adp-8);
    static final DoubleVector C10 = constant(-0x1.b82ce31284e9cp-6);
    static final DoubleVector C11 = constant(0x1.ce2f21a042b32p-4);
    static final DoubleVector C12 = constant(-0x1.812746b0379e6p-2);
    static final DoubleVector C13 = constant(0x1.06eba8214db69p-3);
    static final DoubleVector C14 = constant(0x1.221147b563ffbp-40);
    static final DoubleVector C15 = constant(-0x1.9ecf323f3dd4ep-35);
    static final DoubleVector C16 = constant(0x1.15a284ce4eb78p-30);
    static final DoubleVector C17 = constant(-0x1.cdb4df01b5b21p-27);
    static final DoubleVector C18 = constant(0x1.0a8c882f1025ep-23);
    static final DoubleVector C19 = constant(-0x1.c36af3b819972p-21);
    static final DoubleVector C20 = constant(0x1.1f50ed9e0983dp-18);
    static final DoubleVector C21 = constant(-0x1.12414fb651410p-16);
    static final DoubleVector C22 = constant(0x1.75c0abe8ee594p-15);
    static final DoubleVector C23 = constant(-0x1.227bc95bdbc6cp-14);
    static final DoubleVector C24 = constant(-0x1.891774ab73b53p-15);
    static final DoubleVector C25 = constant(0x1.51b89b0dd10abp-11);
    static final DoubleVector C26 = constant(-0x1.d0a2b65d3e7c3p-10);
    static final DoubleVector C27 = constant(0x1.295e63fa3ec71p-12);
    static final DoubleVector C28 = constant(0x1.388aa134622c8p-6);
    static final DoubleVector C29 = constant(-0x1.a4d92b511b2ecp-4);
    static final DoubleVector C30 = constant(-0x1.45f438148c5e6p-1);
    static final DoubleVector C31 = constant(-0x1.20dd54cc2e42ap+0);
    static final DoubleVector C32 = constant(-0x1.93b181152b784p-23);
    static final DoubleVector ONE = constant(1);
    static final DoubleVector HIGHEST = constant(6.0);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            erf(v).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// {@return erf x in each lane}
    static DoubleVector erf(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector magnitude =
                large(size.min(HIGHEST)).blend(small(size), size.compare(VectorOperators.LT, 1.0));
        return magnitude
                .reinterpretAsLongs()
                .or(x.reinterpretAsLongs().and(1L << 63))
                .reinterpretAsDoubles();
    }

    private static DoubleVector small(DoubleVector x) {
        DoubleVector z = x.mul(x);
        DoubleVector p = C1;
        p = p.fma(z, C2);
        p = p.fma(z, C3);
        p = p.fma(z, C4);
        p = p.fma(z, C5);
        p = p.fma(z, C6);
        p = p.fma(z, C7);
        p = p.fma(z, C8);
        p = p.fma(z, C9);
        p = p.fma(z, C10);
        p = p.fma(z, C11);
        p = p.fma(z, C12);
        p = p.fma(z, C13);
        return p.fma(x, x);
    }

    private static DoubleVector large(DoubleVector x) {
        DoubleVector p = C14;
        p = p.fma(x, C15);
        p = p.fma(x, C16);
        p = p.fma(x, C17);
        p = p.fma(x, C18);
        p = p.fma(x, C19);
        p = p.fma(x, C20);
        p = p.fma(x, C21);
        p = p.fma(x, C22);
        p = p.fma(x, C23);
        p = p.fma(x, C24);
        p = p.fma(x, C25);
        p = p.fma(x, C26);
        p = p.fma(x, C27);
        p = p.fma(x, C28);
        p = p.fma(x, C29);
        p = p.fma(x, C30);
        p = p.fma(x, C31);
        p = p.fma(x, C32);
        return ONE.sub(Float64Exp.inner(p));
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
