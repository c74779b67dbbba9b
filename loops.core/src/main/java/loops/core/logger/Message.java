package loops.core.logger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A protocol buffers message, built field by field.
final class Message {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// Adds a field of a whole number.
    Message with(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /// Adds a field of eight bytes.
    Message with(int field, double value) {
        tag(field, FIXED64);
        out.writeBytes(
                ByteBuffer.allocate(Double.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(value)
                        .array());
        return this;
    }

    /// Adds a field of four bytes.
    Message with(int field, float value) {
        tag(field, FIXED32);
        out.writeBytes(
                ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
        return this;
    }

    /// Adds a text.
    Message with(int field, String text) {
        return with(field, text.getBytes(UTF_8));
    }

    /// Adds a message in this one.
    Message with(int field, Message inner) {
        return with(field, inner.bytes());
    }

    private Message with(int field, byte[] bytes) {
        tag(field, BYTES);
        varint(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /// {@return the message so far}
    byte[] bytes() {
        return out.toByteArray();
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
