// The dialect as OpenCL C 1.2.
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

typedef long LONG;
typedef ulong ULONG;
typedef int INT;
typedef uint UINT;
typedef ushort USHORT;
typedef uchar UCHAR;

#define KERNEL __kernel
#define DEVICE static inline
#define GLOBAL __global
#define SHARED __local
#define LOCAL __local
#define RESTRICT restrict
#define ALIGNED(bytes) __attribute__((aligned(bytes)))
#define UNROLL
#define UNROLL_BY(times)
#define GROUP_SIZE(n) __attribute__((reqd_work_group_size(n, 1, 1)))
#define GIVEN
#define PAIRED_GROUP_SIZE(n) GROUP_SIZE(n)
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define LOCAL_ID ((INT)get_local_id(0))
#define GROUP_ID ((LONG)get_group_id(0))
#define ITEM_ID ((LONG)get_global_id(0))

#define BITS_OF_FLOAT(x) as_uint(x)
#define FLOAT_OF_BITS(b) as_float(b)
#define BITS_OF_DOUBLE(x) as_ulong(x)
#define DOUBLE_OF_BITS(b) as_double(b)
#define RAISE(flag) atomic_or(flag, 1)

// Functions that have one name for float and double here.
#define FLOAT_FUNCTION(name) name
