/// CUDA through JCuda and through `java.lang.foreign`: which devices there are, and the driver of one.
///
/// A class belongs here if it calls CUDA's libraries, or looks for them.
package tensor.cuda;
