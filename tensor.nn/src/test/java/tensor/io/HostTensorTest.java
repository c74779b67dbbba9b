package tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class HostTensorTest {
    private static final Shape THREE = Shape.of(3);

    @Test
    void valuesOfEveryTypeComeBack() {
        float[] floats = {1, -0f, Float.NaN};
        double[] doubles = {1, -0.0, Double.NEGATIVE_INFINITY};
        long[] longs = {1, Long.MIN_VALUE, -1};
        int[] ints = {1, Integer.MIN_VALUE, -1};
        byte[] bytes = {1, -128, -1};
        boolean[] booleans = {true, false, true};

        assertArrayEquals(floats, HostTensor.of(floats, THREE).toFloats());
        assertArrayEquals(doubles, HostTensor.of(doubles, THREE).toDoubles());
        assertArrayEquals(longs, HostTensor.of(longs, THREE).toLongs());
        assertArrayEquals(ints, HostTensor.of(ints, THREE).toInts());
        assertArrayEquals(bytes, HostTensor.of(bytes, THREE).toBytes());
        assertArrayEquals(booleans, HostTensor.of(booleans, THREE).toBooleans());
    }

    @Test
    void aTensorComesBackFromItsBytes() {
        Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)).t();

        Tensor back = HostTensor.of(tensor).tensor();

        assertEquals(Shape.of(3, 2), back.shape());
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, back.toFloats());
        assertArrayEquals(
                new boolean[] {true, false},
                HostTensor.of(Tensor.of(true, false)).tensor().toBooleans());
    }

    @Test
    void aTensorOfEveryTypeComesBack() {
        for (DType dtype : DType.values()) {
            Tensor tensor = Tensor.of(0.0, 1.0, 200.0).cast(dtype);

            Tensor back = HostTensor.of(tensor).tensor();

            assertEquals(tensor.toString(), back.toString());
            assertEquals(HostTensor.of(tensor), HostTensor.of(back));
        }
    }

    @Test
    void bytesAreLittleEndian() {
        HostTensor one = HostTensor.of(new long[] {0x0102030405060708L}, Shape.of(1));

        assertEquals(8, one.bytes().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(1, one.bytes().get(ValueLayout.JAVA_BYTE, 7));
    }

    @Test
    void aBigEndianMachineSwapsTheBytesOfEachElement() {
        for (HostTensor values :
                new HostTensor[] {
                    HostTensor.of(new float[] {1.5f, -2}, Shape.of(2)),
                    HostTensor.of(new double[] {1.5, -2}, Shape.of(2)),
                    HostTensor.of(new int[] {1, -2}, Shape.of(2)),
                    HostTensor.of(new byte[] {1, -2}, Shape.of(2)),
                    HostTensor.of(Tensor.of(1.5, -2.0).cast(DType.BFLOAT16)),
                    HostTensor.of(new boolean[] {true, false}, Shape.of(2))
                }) {
            DType dtype = values.dtype();

            MemorySegment there = HostTensor.reordered(values.bytes(), dtype, ByteOrder.BIG_ENDIAN);
            MemorySegment back = HostTensor.reordered(there, dtype, ByteOrder.BIG_ENDIAN);

            assertEquals(-1, back.mismatch(values.bytes()));
            assertEquals(dtype.byteSize() == 1, there.mismatch(values.bytes()) == -1);
        }
    }

    @Test
    void equalMeansEveryByte() {
        HostTensor nan = HostTensor.of(new float[] {Float.NaN}, Shape.of(1));

        assertEquals(nan, HostTensor.of(new float[] {Float.NaN}, Shape.of(1)));
        assertEquals(
                nan.hashCode(), HostTensor.of(new float[] {Float.NaN}, Shape.of(1)).hashCode());
        assertNotEquals(
                HostTensor.of(new float[] {0f}, Shape.of(1)),
                HostTensor.of(new float[] {-0f}, Shape.of(1)));
        assertNotEquals(nan, HostTensor.of(new float[] {Float.NaN}, Shape.scalar()));
        assertEquals("HostTensor [1] float32", nan.toString());
    }

    @Test
    void bytesAreReadOnly() {
        HostTensor one = HostTensor.of(new long[] {1}, Shape.of(1));

        assertThrows(
                IllegalArgumentException.class,
                () -> one.bytes().set(ValueLayout.JAVA_BYTE, 0, (byte) 5));
    }

    @Test
    void whatDoesNotFitIsAnError() {
        assertMessage(
                "HostTensor: float32 [3] takes 12 bytes, got 8",
                () -> HostTensor.of(new float[2], THREE));
        assertMessage(
                "HostTensor: element 1 of bool [2] is 2; a bool is 0 or 1",
                () ->
                        new HostTensor(
                                DType.BOOL, Shape.of(2), MemorySegment.ofArray(new byte[] {1, 2})));
        assertEquals(
                "toDoubles: [3] holds float32 values; this method reads float64",
                assertThrows(
                                IllegalStateException.class,
                                () -> HostTensor.of(new float[3], THREE).toDoubles())
                        .getMessage());
        assertEquals(
                "toInts: [3] holds uint8 values; this method reads int32",
                assertThrows(
                                IllegalStateException.class,
                                () -> HostTensor.of(new byte[3], THREE).toInts())
                        .getMessage());
        assertEquals(
                "toBytes: [3] holds int32 values; this method reads uint8",
                assertThrows(
                                IllegalStateException.class,
                                () -> HostTensor.of(new int[3], THREE).toBytes())
                        .getMessage());
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }
}
