// Products of matrices: y[i, j] is the sum over k of a[i, k] · b[k, j], for each matrix of a batch.
typedef struct {
    LONG rows;
    LONG columns;
    LONG inner;
    LONG a_row;
    LONG a_inner;
    LONG b_inner;
    LONG b_column;
    LONG y_offset;
} Product;

#define JOINED(a, b) JOINED_PLAIN(a, b)
#define JOINED_PLAIN(a, b) a##b

// Four elements of a type that are read and written at once.
#define QUAD(type) JOINED(QUAD_, type)
typedef struct ALIGNED(16) { FLOAT32 at[4]; } QUAD_FLOAT32;
typedef struct ALIGNED(16) { FLOAT64 at[4]; } QUAD_FLOAT64;
typedef struct ALIGNED(16) { UINT at[4]; } QUAD_UINT;

// What one thread reads of a factor: four elements at a time. The outer axis is one of the result's, the inner axis that of
// the sums.
typedef struct {
    LONG at; // of its first element
    LONG outer; // strides
    LONG inner;
    INT outer_left; // elements from there on
    INT inner_left;
    INT reads_inner; // whether the four are neighbours on the inner axis, since these lie together, or else on the outer
    INT is_aligned; // whether the four are read at once
} Share;
