package tensor.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import tensor.gpu.DeviceTraits;
import tensor.gpu.Dialect;
import tensor.gpu.Factors;

/// A device of a platform, as OpenCL describes it.
record OpenClDevice(cl_platform_id platform, cl_device_id id) {
    /// Status of a machine on which no platform is installed.
    private static final int NO_PLATFORM = -1001;

    /// {@return all devices of all platforms, in OpenCL's order}
    ///
    /// @throws UnsatisfiedLinkError if there is no OpenCL on this machine
    static List<OpenClDevice> all() {
        CL.setExceptionsEnabled(false);
        int[] count = new int[1];
        int status = CL.clGetPlatformIDs(0, null, count);
        CL.setExceptionsEnabled(true);
        List<OpenClDevice> devices = new ArrayList<>();
        if (status == NO_PLATFORM || count[0] == 0) {
            return devices;
        }
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        CL.clGetPlatformIDs(platforms.length, platforms, null);
        for (cl_platform_id platform : platforms) {
            devices.addAll(of(platform));
        }
        return devices;
    }

    private static List<OpenClDevice> of(cl_platform_id platform) {
        CL.setExceptionsEnabled(false);
        int[] count = new int[1];
        CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
        CL.setExceptionsEnabled(true);
        cl_device_id[] ids = new cl_device_id[count[0]];
        if (ids.length > 0) {
            CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, ids.length, ids, null);
        }
        List<OpenClDevice> devices = new ArrayList<>();
        for (cl_device_id id : ids) {
            devices.add(new OpenClDevice(platform, id));
        }
        return devices;
    }

    /// {@return whether it computes in float64}
    boolean hasDoubles() {
        return text(CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64");
    }

    /// {@return whether it divides floats with one rounding if it is told to}
    boolean roundsDivisions() {
        return (number(CL.CL_DEVICE_SINGLE_FP_CONFIG) & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT)
                != 0;
    }

    /// {@return what the backend has to know}
    DeviceTraits traits() {
        boolean isCpu = (number(CL.CL_DEVICE_TYPE) & CL.CL_DEVICE_TYPE_CPU) != 0;
        return new DeviceTraits(
                text(CL.CL_DEVICE_NAME),
                text(CL.CL_DEVICE_VERSION) + ", driver " + text(CL.CL_DRIVER_VERSION),
                number(CL.CL_DEVICE_GLOBAL_MEM_SIZE),
                Dialect.OPENCL,
                isCpu ? DeviceTraits.Kind.CPU : DeviceTraits.Kind.GPU,
                (int) number(CL.CL_DEVICE_MAX_PARAMETER_SIZE),
                true,
                Factors.FLOAT32);
    }

    private String text(int what) {
        byte[] bytes = bytes(what);
        return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).strip();
    }

    /// A number of 4 or 8 bytes.
    private long number(int what) {
        byte[] bytes = bytes(what);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return bytes.length == Sizeof.cl_int ? buffer.getInt() : buffer.getLong();
    }

    private byte[] bytes(int what) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(id, what, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetDeviceInfo(id, what, bytes.length, Pointer.to(bytes), null);
        return bytes;
    }
}
