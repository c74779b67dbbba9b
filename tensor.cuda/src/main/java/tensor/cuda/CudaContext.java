package tensor.cuda;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/// The context of a device that all libraries of a process share.
///
/// A context belongs to a thread of the system, and whoever calls may be on any: so each call makes it current first, which
/// costs next to nothing where it is.
final class CudaContext {
    private final CUcontext context = new CUcontext();

    CudaContext(CUdevice device) {
        Status.check(
                "cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    }

    /// Makes it the current one of this thread.
    void enter() {
        Status.check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
    }
}
