// Types by the names that they have in Java, and where elements lie.
typedef float FLOAT32;
typedef double FLOAT64;
typedef USHORT FLOAT16;
typedef USHORT BFLOAT16;
typedef LONG INT64;
typedef INT INT32;
typedef UCHAR UINT8;
typedef UCHAR BOOL;

#ifndef RANK
#define RANK 8
#endif

// The sizes of axes. Elements are counted in row-major order.
typedef struct {
    LONG count;
    LONG rank;
    LONG size[RANK];
} Domain;

// Where an operand lies in its memory, in elements.
typedef struct {
    LONG offset;
    LONG stride[RANK];
} Place;

// Where an element lies.
DEVICE LONG place_of(const Domain *domain, const Place *place, LONG item) {
    LONG at = place->offset;
    for (INT axis = (INT)domain->rank - 1; axis > 0; axis--) {
        LONG next = item / domain->size[axis];
        at += (item - next * domain->size[axis]) * place->stride[axis];
        item = next;
    }
    return at + item * place->stride[0];
}
