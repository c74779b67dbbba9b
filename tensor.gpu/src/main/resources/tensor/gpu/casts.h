// From any type to any type, by way of a double or a long, which hold all that goes through them exactly.

// A number of two bytes: rounded once, to nearest, ties to even.
DEVICE USHORT shortened(double x, INT mantissa, INT bias) {
    ULONG bits = BITS_OF_DOUBLE(x);
    USHORT sign = (USHORT)(bits >> 63 << 15);
    INT infinite = 2 * bias + 1;
    if (x != x) {
        return (USHORT)((infinite << mantissa) | (1 << (mantissa - 1)));
    }
    INT exponent = (INT)(bits >> 52 & 0x7FF) - 1023 + bias;
    if (exponent >= infinite) {
        return (USHORT)(sign | (infinite << mantissa));
    }
    INT shift = 52 - mantissa + (exponent > 0 ? 0 : 1 - exponent);
    if (shift > 54) {
        return sign;
    }
    ULONG digits = (bits & (((ULONG)1 << 52) - 1)) | (ULONG)1 << 52;
    ULONG kept = digits >> shift;
    ULONG rest = digits - (kept << shift);
    ULONG half_unit = (ULONG)1 << (shift - 1);
    kept += rest > half_unit || (rest == half_unit && (kept & 1)) ? 1 : 0;
    return (USHORT)(sign | ((exponent > 0 ? exponent - 1 : 0) << mantissa) + (INT)kept);
}

// A whole number as a double that rounds further as the number itself would.
DEVICE double sticky(LONG x) {
    INT exact = x == (LONG)((ULONG)x << 10) >> 10;
    return (double)(exact ? x : (x | ((x & 0x7FF) + 0x7FF)) & ~(LONG)0x7FF);
}

DEVICE double REAL_OF_FLOAT32(FLOAT32 x) { return x; }
DEVICE double REAL_OF_FLOAT64(FLOAT64 x) { return x; }
DEVICE double REAL_OF_BFLOAT16(BFLOAT16 x) { return FLOAT_OF_BITS((UINT)x << 16); }
DEVICE double REAL_OF_FLOAT16(FLOAT16 x) {
    ULONG sign = (ULONG)(x >> 15) << 63;
    ULONG exponent = x >> 10 & 31;
    ULONG digits = x & 1023;
    if (exponent == 0) {
        return DOUBLE_OF_BITS(BITS_OF_DOUBLE((double)digits * 0x1p-24) | sign);
    }
    return DOUBLE_OF_BITS(sign | (exponent == 31 ? 0x7FF : exponent + 1008) << 52 | digits << 42);
}

DEVICE LONG bounded(double x, LONG least, LONG greatest) {
    return x != x ? 0 : x <= (double)least ? least : x >= (double)greatest ? greatest : (LONG)x;
}

DEVICE FLOAT32 FLOAT32_OF_REAL(double x) { return (FLOAT32)x; }
DEVICE FLOAT64 FLOAT64_OF_REAL(double x) { return x; }
DEVICE FLOAT16 FLOAT16_OF_REAL(double x) { return shortened(x, 10, 15); }
DEVICE BFLOAT16 BFLOAT16_OF_REAL(double x) { return shortened(x, 7, 127); }
DEVICE INT64 INT64_OF_REAL(double x) { return bounded(x, (LONG)((ULONG)1 << 63), (LONG)~((ULONG)1 << 63)); }
DEVICE INT32 INT32_OF_REAL(double x) { return (INT32)bounded(x, -(LONG)0x7FFFFFFF - 1, 0x7FFFFFFF); }
DEVICE UINT8 UINT8_OF_REAL(double x) { return (UINT8)bounded(x, 0, 255); }
DEVICE BOOL BOOL_OF_REAL(double x) { return x == 0 ? 0 : 1; }

DEVICE FLOAT32 FLOAT32_OF_WHOLE(LONG x) { return (FLOAT32)x; }
DEVICE FLOAT64 FLOAT64_OF_WHOLE(LONG x) { return (FLOAT64)x; }
DEVICE FLOAT16 FLOAT16_OF_WHOLE(LONG x) { return shortened(sticky(x), 10, 15); }
DEVICE BFLOAT16 BFLOAT16_OF_WHOLE(LONG x) { return shortened(sticky(x), 7, 127); }
DEVICE INT64 INT64_OF_WHOLE(LONG x) { return x; }
DEVICE INT32 INT32_OF_WHOLE(LONG x) { return (INT32)x; }
DEVICE UINT8 UINT8_OF_WHOLE(LONG x) { return (UINT8)x; }
DEVICE BOOL BOOL_OF_WHOLE(LONG x) { return x == 0 ? 0 : 1; }

#define CASTS_TO(TO) \
    DEVICE TO CAST_FLOAT32_##TO(FLOAT32 x) { return TO##_OF_REAL(x); } \
    DEVICE TO CAST_FLOAT64_##TO(FLOAT64 x) { return TO##_OF_REAL(x); } \
    DEVICE TO CAST_FLOAT16_##TO(FLOAT16 x) { return TO##_OF_REAL(REAL_OF_FLOAT16(x)); } \
    DEVICE TO CAST_BFLOAT16_##TO(BFLOAT16 x) { return TO##_OF_REAL(REAL_OF_BFLOAT16(x)); } \
    DEVICE TO CAST_INT64_##TO(INT64 x) { return TO##_OF_WHOLE(x); } \
    DEVICE TO CAST_INT32_##TO(INT32 x) { return TO##_OF_WHOLE(x); } \
    DEVICE TO CAST_UINT8_##TO(UINT8 x) { return TO##_OF_WHOLE(x); } \
    DEVICE TO CAST_BOOL_##TO(BOOL x) { return TO##_OF_WHOLE(x); }
CASTS_TO(FLOAT32)
CASTS_TO(FLOAT64)
CASTS_TO(FLOAT16)
CASTS_TO(BFLOAT16)
CASTS_TO(INT64)
CASTS_TO(INT32)
CASTS_TO(UINT8)
CASTS_TO(BOOL)
