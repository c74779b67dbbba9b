/// The backend on the CPU: loops on the Vector API over pooled off-heap memory.
///
/// A class belongs here if it computes, moves or owns numbers in the memory of this machine. Kernels see dense memory
/// and an element count; everything about layouts is settled before, in [tensor.cpu.Elementwise], [tensor.cpu.Dense]
/// and [tensor.cpu.CopyKernel]. The law of them all: the bits of a result are a function of shapes and values only.
package tensor.cpu;
