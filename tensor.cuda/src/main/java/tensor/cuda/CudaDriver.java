package tensor.cuda;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import tensor.gpu.DeviceTraits;
import tensor.gpu.Dialect;
import tensor.gpu.Driver;
import tensor.gpu.ProductLibrary;

/// One CUDA device, with one stream, on which everything happens in order.
final class CudaDriver implements Driver {
    /// Addresses of what the driver made.
    private static final class Stream extends CUstream {
        long address() {
            return getNativePointer();
        }
    }

    private static final class Function extends CUfunction implements Kernel {
        long address() {
            return getNativePointer();
        }
    }

    private final DeviceTraits traits;
    private final CudaContext context;
    private final Stream stream = new Stream();
    private final Graphs graphs;

    /// Where calls go: the stream, but while a graph is made of them.
    private CUstream now = stream;

    private long nowAddress;
    private final KernelCompiler compiler;
    private final String target;
    private final Optional<Cublas> library;
    private final Launcher launcher;
    private final Staging staging;

    /// @param machine with the device
    /// @param device one of its
    /// @param compiler the machine's, or one that looks elsewhere first
    /// @param arithmetic of products of float32 matrices
    CudaDriver(
            CudaMachine.Ready machine,
            CudaDevice device,
            KernelCompiler compiler,
            MatrixArithmetic arithmetic) {
        arithmetic.requireOn(device);
        this.compiler = compiler;
        this.target = compiler.target(device.capability()).orElseThrow();
        Optional<ForeignLibrary> cublas =
                arithmetic.isOwn()
                        ? Optional.empty()
                        : Cublas.find(machine.folders(), machine.version() / 1000);
        this.traits =
                new DeviceTraits(
                        device.name(),
                        versions(machine, device, cublas),
                        device.byteSize(),
                        Dialect.CUDA,
                        DeviceTraits.Kind.GPU,
                        Launcher.PARAMETER_BYTES,
                        compiler.takesAnyText(),
                        arithmetic.factors());
        this.context = new CudaContext(device.id());
        context.enter();
        Status.check(
                "cuStreamCreate",
                JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
        this.nowAddress = stream.address();
        this.graphs = new Graphs(machine.driver());
        this.launcher = new Launcher(machine.driver());
        this.staging = new Staging(stream);
        this.library =
                cublas.map(found ->
                        new Cublas(
                                found,
                                arithmetic,
                                context,
                                stream.address(),
                                bytes(Cublas.WORKSPACE_BYTES)));
    }

    /// {@return what a user is told of the software}
    static String versions(
            CudaMachine.Ready machine, CudaDevice device, Optional<ForeignLibrary> library) {
        return "compute capability %d.%d, driver for CUDA %s, %s, %s"
                .formatted(
                        device.capability() / 10,
                        device.capability() % 10,
                        CudaMachine.text(machine.version()),
                        library.map(Cublas::version)
                                .orElse("no cuBLAS, so matrices are multiplied by our own kernels"),
                        machine.compiler().description());
    }

    @Override
    public DeviceTraits traits() {
        return traits;
    }

    @Override
    public Memory allocate(long byteSize) {
        context.enter();
        return bytes(byteSize);
    }

    private static DeviceBytes bytes(long byteSize) {
        var memory = new DeviceBytes();
        Status.check("cuMemAlloc", JCudaDriver.cuMemAlloc(memory, byteSize));
        return memory;
    }

    @Override
    public void free(Memory memory) {
        synchronize(); // what was called before may use it
        Status.check("cuMemFree", JCudaDriver.cuMemFree((DeviceBytes) memory));
    }

    @Override
    public synchronized void upload(MemorySegment host, Memory target) {
        context.enter();
        staging.upload(host, (DeviceBytes) target);
    }

    @Override
    public synchronized void download(Memory source, MemorySegment host) {
        context.enter();
        staging.download((DeviceBytes) source, host);
    }

    @Override
    public synchronized void fill(Memory target, long byteSize, byte value) {
        context.enter();
        Status.check(
                "cuMemsetD8Async",
                JCudaDriver.cuMemsetD8Async((DeviceBytes) target, value, byteSize, now));
    }

    @Override
    public Map<String, Kernel> compile(String text, List<String> names) {
        byte[] code;
        try {
            code = compiler.compile(text, target);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "cuda: kernels %s do not compile for %s by %s: %s"
                            .formatted(names, target, compiler.version(), e.getMessage()),
                    e);
        }
        context.enter();
        var module = new CUmodule();
        Status.check("cuModuleLoadData", JCudaDriver.cuModuleLoadData(module, code));
        Map<String, Kernel> kernels = new HashMap<>();
        for (String name : names) {
            var function = new Function();
            Status.check(
                    "cuModuleGetFunction of " + name,
                    JCudaDriver.cuModuleGetFunction(function, module, name));
            kernels.put(name, function);
        }
        return kernels;
    }

    @Override
    public synchronized void launch(
            Kernel kernel, long groups, int groupSize, List<Argument> arguments) {
        context.enter();
        launcher.launch(nowAddress, ((Function) kernel).address(), groups, groupSize, arguments);
    }

    /// A real one: the calls go to a stream that only records, and no one else's go there.
    @Override
    public synchronized Graph graph(Consumer<Driver> calls) {
        synchronized (context) { // of products too
            context.enter();
            var recording = new Stream();
            Status.check(
                    "cuStreamCreate",
                    JCudaDriver.cuStreamCreate(recording, CUstream_flags.CU_STREAM_NON_BLOCKING));
            go(recording);
            try {
                long made = graphs.record(recording.address(), () -> calls.accept(this));
                return new CudaGraph(made);
            } finally {
                go(stream);
                Status.check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(recording));
            }
        }
    }

    private void go(Stream next) {
        now = next;
        nowAddress = next.address();
        library.ifPresent(cublas -> cublas.goOn(nowAddress));
    }

    private final class CudaGraph implements Graph {
        private final long address;

        CudaGraph(long address) {
            this.address = address;
        }

        @Override
        public void launch() {
            synchronized (CudaDriver.this) {
                context.enter();
                graphs.launch(address, stream.address());
            }
        }

        @Override
        public void close() {
            synchronized (CudaDriver.this) {
                synchronize(); // it may still run
                graphs.destroy(address);
            }
        }
    }

    @Override
    public Optional<ProductLibrary> products() {
        return library.map(each -> each);
    }

    @Override
    public void synchronize() {
        context.enter();
        Status.check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
    }
}
