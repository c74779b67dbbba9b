// The functions of elements: the name of the primitive and that of the type.

// Whole numbers wrap around, so they are computed without a sign.
#define WHOLE_FUNCTIONS(T, U) \
    DEVICE T ADD_##T(T a, T b) { return (T)((U)a + (U)b); } \
    DEVICE T SUB_##T(T a, T b) { return (T)((U)a - (U)b); } \
    DEVICE T MUL_##T(T a, T b) { return (T)((U)a * (U)b); } \
    DEVICE T MAX_##T(T a, T b) { return a > b ? a : b; } \
    DEVICE BOOL LESS_##T(T a, T b) { return a < b; } \
    DEVICE BOOL EQUAL_##T(T a, T b) { return a == b; }
WHOLE_FUNCTIONS(INT64, ULONG)
WHOLE_FUNCTIONS(INT32, UINT)
WHOLE_FUNCTIONS(UINT8, UINT)

DEVICE BOOL EQUAL_BOOL(BOOL a, BOOL b) { return a == b; }

// The least number divided by -1 is itself; what is divided by 0 is an error that the caller raises.
DEVICE INT64 DIV_INT64(INT64 a, INT64 b) { return b == 0 ? 0 : b == -1 ? SUB_INT64(0, a) : a / b; }
DEVICE INT32 DIV_INT32(INT32 a, INT32 b) { return b == 0 ? 0 : b == -1 ? SUB_INT32(0, a) : a / b; }
DEVICE UINT8 DIV_UINT8(UINT8 a, UINT8 b) { return b == 0 ? 0 : (UINT8)(a / b); }

// The greater zero is +0, and NaN is above all.
#define REAL_FUNCTIONS(T, F) \
    DEVICE T ADD_##T(T a, T b) { return a + b; } \
    DEVICE T SUB_##T(T a, T b) { return a - b; } \
    DEVICE T MUL_##T(T a, T b) { return a * b; } \
    DEVICE T DIV_##T(T a, T b) { return a / b; } \
    DEVICE T MAX_##T(T a, T b) { return a > b ? a : b > a ? b : a == b && a != 0 ? a : a + b; } \
    DEVICE T POW_##T(T a, T b) { return (T)pow((double)a, (double)b); } \
    DEVICE BOOL LESS_##T(T a, T b) { return a < b; } \
    DEVICE BOOL EQUAL_##T(T a, T b) { return a == b; } \
    DEVICE T NEG_##T(T x) { return -x; } \
    DEVICE T EXP_##T(T x) { return F(exp)(x); } \
    DEVICE T LOG_##T(T x) { return F(log)(x); } \
    DEVICE T SIN_##T(T x) { return F(sin)(x); } \
    DEVICE T COS_##T(T x) { return F(cos)(x); } \
    DEVICE T SQRT_##T(T x) { return F(sqrt)(x); } \
    DEVICE T EXPM1_##T(T x) { return F(expm1)(x); } \
    DEVICE T LOG1P_##T(T x) { return F(log1p)(x); } \
    DEVICE T ERF_##T(T x) { return F(erf)(x); }
#define DOUBLE_FUNCTION(name) name
REAL_FUNCTIONS(FLOAT32, FLOAT_FUNCTION)
REAL_FUNCTIONS(FLOAT64, DOUBLE_FUNCTION)

// A device may be a few ulp off, but not where the nearest number is 1: what is multiplied by the distance to it would show.
#define ONE_BEYOND(limit, x, y) ((x) > (limit) ? 1 : (x) < -(limit) ? -1 : (y))
DEVICE FLOAT32 TANH_FLOAT32(FLOAT32 x) { return ONE_BEYOND(9.02f, x, FLOAT_FUNCTION(tanh)(x)); }
DEVICE FLOAT64 TANH_FLOAT64(FLOAT64 x) { return ONE_BEYOND(19.07, x, tanh(x)); }

// A number that keeps its order among others of its type: zeros of both signs are one, NaN is above all.
#define GREATEST_KEY ((LONG)~((ULONG)1 << 63))
DEVICE LONG KEY_FLOAT64(FLOAT64 x) {
    LONG bits = (LONG)BITS_OF_DOUBLE(x + 0.0);
    return x != x ? GREATEST_KEY : bits < 0 ? bits ^ GREATEST_KEY : bits;
}
DEVICE LONG KEY_FLOAT32(FLOAT32 x) { return KEY_FLOAT64(x); }
DEVICE LONG KEY_INT64(INT64 x) { return x; }
DEVICE LONG KEY_INT32(INT32 x) { return x; }
DEVICE LONG KEY_UINT8(UINT8 x) { return x; }
