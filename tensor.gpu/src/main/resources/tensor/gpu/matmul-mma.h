// What 32 threads multiply together: fragments of 16 × 8 and 8 × 8 words, of which each thread has some. A word is one
// factor rounded to TF32, or two to bfloat16 that follow each other on the inner axis, the first in the lower half.
//
// Where the elements of fragments are: NVIDIA, PTX ISA, "Matrix fragments for mma.m16n8k8" and "mma.m16n8k16" with .tf32 and
// .bf16. With threads in groups of four:
//   a[r] is row group + r % 2 · 8, word place + r / 2 · 4; b[r] is word place + r · 4, column group;
//   c[r] is row group + r / 2 · 8, column 2 · place + r % 2.
#ifdef __CUDACC__
#define EXCHANGE(threads)
#define ROUNDED_TF32(x, y) tf32(x)
#define ROUNDED_BFLOAT16(x, y) bfloat16s(x, y)
#define MMA_TF32(c, a, b) mma_tf32(c, a, b)
#define MMA_BFLOAT16(c, a, b) mma_bfloat16(c, a, b)

DEVICE UINT tf32(float x) {
    UINT word;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(word) : "f"(x));
    return word;
}

DEVICE UINT bfloat16s(float x, float y) {
    UINT word;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(y), "f"(x));
    return word;
}

#define MMA_FUNCTION(name, shape, type) \
    DEVICE void name(float *c, const UINT *a, const UINT *b) { \
        asm("mma.sync.aligned." shape ".row.col.f32." type "." type ".f32 " \
            "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};" \
            : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) \
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1])); \
    }
MMA_FUNCTION(mma_tf32, "m16n8k8", "tf32")
MMA_FUNCTION(mma_bfloat16, "m16n8k16", "bf16")
#else
// Elsewhere the threads give each other their fragments through local memory: slow, and for tests. All threads of a group
// come here together.
#define EXCHANGE(threads) SHARED UINT exchange[(threads) * 6]
#define ROUNDED_TF32(x, y) tf32(x)
#define ROUNDED_BFLOAT16(x, y) (bfloat16(x) | bfloat16(y) << 16)
#define MMA_TF32(c, a, b) mma(c, a, b, exchange, 0)
#define MMA_BFLOAT16(c, a, b) mma(c, a, b, exchange, 1)

// To nearest, ties away from zero, as cvt.rna.tf32.f32 does.
DEVICE UINT tf32(float x) {
    return x != x ? 0x7FFFFFFF : (BITS_OF_FLOAT(x) + 0x1000) & ~(UINT)0x1FFF;
}

// To nearest, ties to even, as cvt.rn.bf16x2.f32 does.
DEVICE UINT bfloat16(float x) {
    UINT bits = BITS_OF_FLOAT(x);
    return x != x ? 0x7FFF : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

DEVICE void mma(float *c, const UINT *a, const UINT *b, LOCAL UINT *exchange, INT has_two) {
    LOCAL UINT *warp = exchange + LOCAL_ID / 32 * 32 * 6;
    INT lane = LOCAL_ID % 32;
    for (INT i = 0; i < 4; i++) {
        warp[lane * 6 + i] = a[i];
    }
    for (INT i = 0; i < 2; i++) {
        warp[lane * 6 + 4 + i] = b[i];
    }
    BARRIER();
    for (INT r = 0; r < 4; r++) {
        INT row = lane / 4 + r / 2 * 8;
        INT column = lane % 4 * 2 + r % 2;
        float sum = c[r];
        for (INT word = 0; word < 8; word++) {
            UINT left = warp[(row % 8 * 4 + word % 4) * 6 + row / 8 + word / 4 * 2];
            UINT right = warp[(column * 4 + word % 4) * 6 + 4 + word / 4];
            if (has_two) {
                sum = fma(FLOAT_OF_BITS(left << 16), FLOAT_OF_BITS(right << 16), sum);
                left &= 0xFFFF0000;
                right &= 0xFFFF0000;
            }
            sum = fma(FLOAT_OF_BITS(left), FLOAT_OF_BITS(right), sum);
        }
        c[r] = sum;
    }
    BARRIER();
}
#endif
