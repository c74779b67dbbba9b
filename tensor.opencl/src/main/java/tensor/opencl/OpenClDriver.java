package tensor.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import tensor.gpu.DeviceTraits;
import tensor.gpu.Driver;

/// One OpenCL device, with one queue that runs in order.
final class OpenClDriver implements Driver {
    /// Host memory on the heap goes through pieces of this size.
    private static final long PIECE_BYTES = 1 << 24;

    private record ClMemory(cl_mem memory) implements Memory {}

    /// Arguments belong to the kernel, so one launch at a time sets them.
    private record ClKernel(cl_kernel kernel) implements Kernel {}

    private final DeviceTraits traits;
    private final cl_device_id device;
    private final cl_context context;
    private final cl_command_queue queue;
    private final String options;

    OpenClDriver(OpenClDevice of) {
        this.traits = of.traits();
        this.device = of.id();
        var properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, of.platform());
        this.context =
                CL.clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
        this.queue = queue();
        this.options =
                "-w -cl-std=CL1.2"
                        + (of.roundsDivisions() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
    }

    @SuppressWarnings("deprecation") // what replaces it needs OpenCL 2.0
    private cl_command_queue queue() {
        return CL.clCreateCommandQueue(context, device, 0, null);
    }

    @Override
    public DeviceTraits traits() {
        return traits;
    }

    @Override
    public Memory allocate(long byteSize) {
        cl_mem memory;
        try {
            memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, byteSize, null, null);
        } catch (CLException e) {
            throw outOfMemory("allocate", e);
        }
        try {
            settle(memory);
        } catch (OutOfMemoryError e) {
            CL.clReleaseMemObject(memory);
            throw e;
        }
        return new ClMemory(memory);
    }

    /// A device may look for memory when it is first used: so that is now, where other memory can be given back, and not
    /// at a launch.
    private void settle(cl_mem memory) {
        enqueue(
                "allocate",
                () ->
                        CL.clEnqueueMigrateMemObjects(
                                queue,
                                1,
                                new cl_mem[] {memory},
                                CL.CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED,
                                0,
                                null,
                                null));
    }

    /// Asks the queue for something for which the device may need memory.
    ///
    /// @throws OutOfMemoryError if it has too little
    static void enqueue(String what, Runnable asks) {
        try {
            asks.run();
        } catch (CLException e) {
            if (e.getStatus() == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE) {
                throw outOfMemory(what, e);
            }
            throw e;
        }
    }

    private static OutOfMemoryError outOfMemory(String what, CLException e) {
        var error = new OutOfMemoryError("opencl: %s: %s".formatted(what, e.getMessage()));
        error.initCause(e);
        return error;
    }

    @Override
    public void free(Memory memory) {
        CL.clReleaseMemObject(((ClMemory) memory).memory);
    }

    @Override
    public void upload(MemorySegment host, Memory target) {
        inPieces(
                host,
                (piece, offset) -> {
                    if (!host.isNative()) {
                        piece.copyFrom(host.asSlice(offset, piece.byteSize()));
                    }
                    CL.clEnqueueWriteBuffer(
                            queue,
                            ((ClMemory) target).memory,
                            true,
                            offset,
                            piece.byteSize(),
                            Pointer.to(piece.asByteBuffer()),
                            0,
                            null,
                            null);
                });
    }

    @Override
    public void download(Memory source, MemorySegment host) {
        inPieces(
                host,
                (piece, offset) -> {
                    CL.clEnqueueReadBuffer(
                            queue,
                            ((ClMemory) source).memory,
                            true,
                            offset,
                            piece.byteSize(),
                            Pointer.to(piece.asByteBuffer()),
                            0,
                            null,
                            null);
                    if (!host.isNative()) {
                        host.asSlice(offset, piece.byteSize()).copyFrom(piece);
                    }
                });
    }

    /// What is done with a piece of memory off the heap that stands for a part of the host's.
    private interface Move {
        void run(MemorySegment piece, long offset);
    }

    private static void inPieces(MemorySegment host, Move move) {
        try (Arena arena = Arena.ofConfined()) {
            long length = Math.min(PIECE_BYTES, host.byteSize());
            MemorySegment own = host.isNative() ? host : arena.allocate(length, Long.BYTES);
            for (long offset = 0; offset < host.byteSize(); offset += length) {
                long rest = Math.min(length, host.byteSize() - offset);
                move.run(own.asSlice(host.isNative() ? offset : 0, rest), offset);
            }
        }
    }

    @Override
    public void fill(Memory target, long byteSize, byte value) {
        CL.clEnqueueFillBuffer(
                queue,
                ((ClMemory) target).memory,
                Pointer.to(new byte[] {value}),
                1,
                0,
                byteSize,
                0,
                null,
                null);
    }

    @Override
    public Map<String, Kernel> compile(String text, List<String> names) {
        cl_program program =
                CL.clCreateProgramWithSource(context, 1, new String[] {text}, null, null);
        try {
            CL.clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null);
            Map<String, Kernel> kernels = new HashMap<>();
            for (String name : names) {
                kernels.put(
                        name, new ClKernel(checked(CL.clCreateKernel(program, name, null), name)));
            }
            return kernels;
        } catch (CLException e) {
            throw new IllegalStateException(
                    "opencl: kernels %s do not compile on %s: %s"
                            .formatted(names, traits.name(), log(program)),
                    e);
        } finally {
            CL.clReleaseProgram(program); // the kernels keep it
        }
    }

    /// Checks that the kernel takes no more local memory than there is on every device, though this one may have more.
    private cl_kernel checked(cl_kernel kernel, String name) {
        long[] bytes = new long[1];
        CL.clGetKernelWorkGroupInfo(
                kernel,
                device,
                CL.CL_KERNEL_LOCAL_MEM_SIZE,
                Sizeof.cl_ulong,
                Pointer.to(bytes),
                null);
        if (bytes[0] > DeviceTraits.MOST_LOCAL_BYTES) {
            throw new AssertionError(
                    "kernel %s takes %d bytes of local memory, more than %d"
                            .formatted(name, bytes[0], DeviceTraits.MOST_LOCAL_BYTES));
        }
        return kernel;
    }

    private String log(cl_program program) {
        long[] size = new long[1];
        CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
        byte[] log = new byte[(int) size[0]];
        CL.clGetProgramBuildInfo(
                program, device, CL.CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
        return new String(log, StandardCharsets.UTF_8).strip();
    }

    @Override
    public void launch(Kernel kernel, long groups, int groupSize, List<Argument> arguments) {
        if (groupSize > DeviceTraits.MOST_THREADS) {
            throw new AssertionError(
                    "a group of %d threads is larger than %d"
                            .formatted(groupSize, DeviceTraits.MOST_THREADS));
        }
        cl_kernel launched = ((ClKernel) kernel).kernel;
        synchronized (kernel) {
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case Memory memory ->
                            CL.clSetKernelArg(
                                    launched,
                                    i,
                                    Sizeof.cl_mem,
                                    Pointer.to(((ClMemory) memory).memory));
                    case Numbers(long[] values) ->
                            CL.clSetKernelArg(
                                    launched,
                                    i,
                                    (long) Long.BYTES * values.length,
                                    Pointer.to(values));
                }
            }
            enqueue(
                    "launch",
                    () ->
                            CL.clEnqueueNDRangeKernel(
                                    queue,
                                    launched,
                                    1,
                                    null,
                                    new long[] {groups * groupSize},
                                    new long[] {groupSize},
                                    0,
                                    null,
                                    null));
        }
    }

    @Override
    public void synchronize() {
        CL.clFinish(queue);
    }
}
