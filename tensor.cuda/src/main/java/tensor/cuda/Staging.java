package tensor.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/// Pieces of the host's memory that the device reads and writes by itself, through which all else goes: so an upload may
/// return before the device has it, and the host's memory may lie anywhere.
///
/// One thread at a time.
final class Staging {
    private static final int PIECE_BYTES = 1 << 22;
    private static final int PIECES = 2;

    /// @param pointer where it lies, for the driver
    /// @param host the same, for us
    /// @param read when the device has read it
    private record Piece(Pointer pointer, MemorySegment host, CUevent read) {}

    private final CUstream stream;
    private final List<Piece> pieces = new ArrayList<>();
    private int next;

    /// The device's context must be current, here and below.
    Staging(CUstream stream) {
        this.stream = stream;
        for (int i = 0; i < PIECES; i++) {
            var pointer = new Pointer();
            Status.check("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(pointer, PIECE_BYTES, 0));
            ByteBuffer buffer = pointer.getByteBuffer(0, PIECE_BYTES);
            var read = new CUevent();
            Status.check(
                    "cuEventCreate",
                    JCudaDriver.cuEventCreate(read, CUevent_flags.CU_EVENT_DISABLE_TIMING));
            pieces.add(new Piece(pointer, MemorySegment.ofBuffer(buffer), read));
        }
    }

    /// Starts to fill the start of `target`; `host` may change at once.
    void upload(MemorySegment host, CUdeviceptr target) {
        for (long offset = 0; offset < host.byteSize(); offset += PIECE_BYTES) {
            long length = Math.min(PIECE_BYTES, host.byteSize() - offset);
            Piece piece = pieces.get(next);
            next = (next + 1) % PIECES;
            Status.check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(piece.read));
            piece.host.asSlice(0, length).copyFrom(host.asSlice(offset, length));
            Status.check(
                    "cuMemcpyHtoDAsync",
                    JCudaDriver.cuMemcpyHtoDAsync(
                            target.withByteOffset(offset), piece.pointer, length, stream));
            Status.check("cuEventRecord", JCudaDriver.cuEventRecord(piece.read, stream));
        }
    }

    /// Waits for all that was started, and reads the start of `source`.
    void download(CUdeviceptr source, MemorySegment host) {
        Piece piece = pieces.getFirst(); // who reads it has done so when the stream is done
        for (long offset = 0; offset < host.byteSize(); offset += PIECE_BYTES) {
            long length = Math.min(PIECE_BYTES, host.byteSize() - offset);
            Status.check(
                    "cuMemcpyDtoHAsync",
                    JCudaDriver.cuMemcpyDtoHAsync(
                            piece.pointer, source.withByteOffset(offset), length, stream));
            Status.check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
            host.asSlice(offset, length).copyFrom(piece.host.asSlice(0, length));
        }
    }
}
