/// OpenCL through JOCL: which devices there are, and the driver of one.
///
/// A class belongs here if it calls JOCL.
package tensor.opencl;
