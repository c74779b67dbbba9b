package tensor.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import tensor.gpu.Driver;
import tensor.gpu.ProductLibrary;
import tensor.layout.DType;

/// NVIDIA's library for products of matrices.
///
/// It counts columns first: our row-major matrix is its transposed one, and `a × b` its `bᵀ × aᵀ`, so nothing is copied.
final class Cublas implements ProductLibrary {
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    private static final int ITS_CHOICE = -1;

    /// What it may use on any device: what the newest take without being asked. With memory of our own the sums have the
    /// same order whether a product is recorded or not.
    static final long WORKSPACE_BYTES = 32L << 20;

    private final ForeignLibrary library;
    private final MatrixArithmetic arithmetic;
    private final CudaContext device;
    private final DeviceBytes workspace;
    private final MethodHandle multiply;
    private final MemorySegment handle;
    private final MemorySegment one = Arena.global().allocateFrom(ValueLayout.JAVA_DOUBLE, 1);
    private final MemorySegment oneFloat = Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, 1);
    private final MemorySegment zero = Arena.global().allocate(ValueLayout.JAVA_DOUBLE); // of both

    /// @param library of [#find]
    /// @param arithmetic of float32
    /// @param device whose context is current
    /// @param stream where everything happens
    /// @param workspace of [#WORKSPACE_BYTES]
    Cublas(
            ForeignLibrary library,
            MatrixArithmetic arithmetic,
            CudaContext device,
            long stream,
            DeviceBytes workspace) {
        this.library = library;
        this.arithmetic = arithmetic;
        this.device = device;
        this.workspace = workspace;
        this.multiply = library.function("cublasGemmStridedBatchedEx", signature());
        MemorySegment place = Arena.global().allocate(ValueLayout.ADDRESS);
        check("cublasCreate_v2", library.call("cublasCreate_v2", place));
        this.handle = place.get(ValueLayout.ADDRESS, 0);
        goOn(stream);
    }

    /// Lets products happen on another stream from now on.
    void goOn(long stream) {
        check(
                "cublasSetStream_v2",
                library.call("cublasSetStream_v2", handle, MemorySegment.ofAddress(stream)));
        check( // the stream's has taken its place
                "cublasSetWorkspace_v2",
                library.call(
                        "cublasSetWorkspace_v2",
                        handle,
                        MemorySegment.ofAddress(workspace.address()),
                        WORKSPACE_BYTES));
    }

    /// {@return the library that works with a driver, or nothing}
    ///
    /// @param folders where to look
    /// @param driverMajor of CUDA, as the driver knows it
    static Optional<ForeignLibrary> find(LibraryFolders folders, int driverMajor) {
        Optional<ForeignLibrary> found = Optional.empty();
        for (int each = driverMajor; found.isEmpty() && each >= CudaMachine.LEAST_MAJOR; each--) {
            found = folders.open("libcublas.so." + each, "libcublasLt.so." + each);
        }
        return found;
    }

    /// {@return its name and version}
    static String version(ForeignLibrary library) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            check("cublasGetProperty", library.call("cublasGetProperty", 0, number));
            int major = number.get(ValueLayout.JAVA_INT, 0);
            check("cublasGetProperty", library.call("cublasGetProperty", 1, number));
            return "cuBLAS %d.%d".formatted(major, number.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private static MemoryLayout[] signature() {
        var integer = ValueLayout.JAVA_INT;
        var wide = ValueLayout.JAVA_LONG;
        var pointer = ValueLayout.ADDRESS;
        return new MemoryLayout[] {
            pointer,
            integer,
            integer,
            integer,
            integer,
            integer, // handle, transposed, m, n, k
            pointer,
            wide,
            integer,
            integer,
            wide, // alpha, A, its type, ld, stride
            wide,
            integer,
            integer,
            wide, // B
            pointer,
            wide,
            integer,
            integer,
            wide, // beta, C
            integer,
            integer,
            integer // how many, arithmetic, algorithm
        };
    }

    @Override
    public void multiply(Products p) {
        synchronized (device) {
            start(p);
        }
    }

    private void start(Products p) {
        boolean isDouble = p.dtype() == DType.FLOAT64;
        int type = isDouble ? 1 : 0; // CUDA_R_64F, CUDA_R_32F
        MemorySegment factor = isDouble ? one : oneFloat;
        device.enter();
        try {
            check(
                    "cublasGemmStridedBatchedEx",
                    (int)
                            multiply.invokeExact(
                                    handle,
                                    order(p.b()),
                                    order(p.a()),
                                    p.columns(),
                                    p.rows(),
                                    p.inner(),
                                    factor,
                                    address(p.b().memory(), p.b().offset(), p.dtype()),
                                    type,
                                    p.b().leading(),
                                    p.b().next(),
                                    address(p.a().memory(), p.a().offset(), p.dtype()),
                                    type,
                                    p.a().leading(),
                                    p.a().next(),
                                    zero,
                                    address(p.out(), p.offset(), p.dtype()),
                                    type,
                                    p.columns(),
                                    (long) p.rows() * p.columns(),
                                    p.count(),
                                    isDouble ? MatrixArithmetic.DOUBLE : arithmetic.code(),
                                    ITS_CHOICE));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw ForeignLibrary.unexpected(e);
        }
    }

    private static int order(Matrices x) {
        return x.isTransposed() ? TRANSPOSED : AS_IT_IS;
    }

    private static long address(Driver.Memory memory, long offset, DType dtype) {
        return ((DeviceBytes) memory).address() + offset * dtype.byteSize();
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new IllegalStateException(
                    "cuda: %s gives status %d of cuBLAS".formatted(function, status));
        }
    }
}
