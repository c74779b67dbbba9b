/// Vectors of one lane, which stand for the classes of the same names in `jdk.incubator.vector` where that module is missing.
///
/// `tensor.cpu.OneLane` loads them under those names, and the kernels with them, as they are. What a method does is said there, in
/// the JDK's documentation; here are the methods that kernels call, and a test finds one that is missing. A number's vector is an
/// object for no longer than the compiler needs to see that it is none.
@NullMarked
package tensor.cpu.scalar;

import org.jspecify.annotations.NullMarked;
