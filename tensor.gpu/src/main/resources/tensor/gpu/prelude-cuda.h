// The dialect as CUDA C++. To be compiled without contraction: --fmad=false.
typedef long long LONG;
typedef unsigned long long ULONG;
typedef int INT;
typedef unsigned int UINT;
typedef unsigned short USHORT;
typedef unsigned char UCHAR;

#define KERNEL extern "C" __global__
#define DEVICE static __device__ inline
#define GLOBAL
#define SHARED __shared__
// In front of pointers to what is SHARED.
#define LOCAL
#define RESTRICT __restrict__
#define ALIGNED(bytes) __align__(bytes)
#define UNROLL _Pragma("unroll")
#define UNROLL_BY(times) _Pragma(TEXT(unroll times))
#define TEXT(words) #words
#define GROUP_SIZE(n) __launch_bounds__(n)
// Two groups at a time on one processor, so that one computes while the other waits for memory.
#define PAIRED_GROUP_SIZE(n) __launch_bounds__(n, 2)
// A struct of numbers for all threads: without this each has a copy of its own, in memory.
#define GIVEN const __grid_constant__
#define BARRIER() __syncthreads()
#define LOCAL_ID ((INT)threadIdx.x)
#define GROUP_ID ((LONG)blockIdx.x)
#define ITEM_ID ((LONG)blockIdx.x * blockDim.x + threadIdx.x)

#define BITS_OF_FLOAT(x) __float_as_uint(x)
#define FLOAT_OF_BITS(b) __uint_as_float(b)
#define BITS_OF_DOUBLE(x) ((ULONG)__double_as_longlong(x))
#define DOUBLE_OF_BITS(b) __longlong_as_double((LONG)(b))
#define RAISE(flag) atomicOr(flag, 1)

// Functions of float have an f behind their name.
#define FLOAT_FUNCTION(name) name##f
