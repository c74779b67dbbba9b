package loops.core.logger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/// The records of a TensorBoard event file: `Event` messages in the framing of TFRecord.
///
/// ```text
/// record   8 bytes   length of the message
///          4 bytes   masked CRC-32C of these 8 bytes
///          length    the message
///          4 bytes   masked CRC-32C of the message
///
/// Event    1 double  wall_time, seconds since 1970      Value  1 string   tag
///          2 int64   step                                      2 float    simple_value
///          3 string  file_version                              8 message  tensor
///          5 message summary, of which 1 is Value,             9 message  metadata
///                    repeated
/// ```
///
/// All numbers are little-endian.
final class EventRecord {
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;

    private static final int SUMMARY_VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int TENSOR = 8;
    private static final int METADATA = 9;

    private static final int STRING_TENSOR = 7;

    private EventRecord() {}

    /// {@return the first record of a file}
    static byte[] fileVersion(Instant time) {
        return framed(event(time).with(FILE_VERSION, "brain.Event:2"));
    }

    /// {@return a record of values by name, rounded to float32}
    static byte[] scalars(Instant time, long step, Map<String, Double> values) {
        var summary = new Message();
        values.forEach((tag, value) ->
                summary.with(
                        SUMMARY_VALUE,
                        new Message().with(TAG, tag).with(SIMPLE_VALUE, value.floatValue())));
        return framed(event(time).with(STEP, step).with(SUMMARY, summary));
    }

    /// {@return a record of a text in Markdown, which TensorBoard shows under `tag`}
    static byte[] text(Instant time, String tag, String text) {
        // SummaryMetadata { 1 plugin_data { 1 plugin_name } }
        var metadata = new Message().with(1, new Message().with(1, "text"));
        // TensorProto { 1 dtype, 2 tensor_shape { 2 dim { 1 size } }, 8 string_val }
        var shape = new Message().with(2, new Message().with(1, 1L));
        var tensor = new Message().with(1, STRING_TENSOR).with(2, shape).with(8, text);
        var value = new Message().with(TAG, tag).with(TENSOR, tensor).with(METADATA, metadata);
        return framed(event(time).with(SUMMARY, new Message().with(SUMMARY_VALUE, value)));
    }

    private static Message event(Instant time) {
        return new Message().with(WALL_TIME, time.getEpochSecond() + time.getNano() / 1e9);
    }

    private static byte[] framed(Message message) {
        byte[] bytes = message.bytes();
        var record =
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES + bytes.length + Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bytes.length);
        record.putInt(maskedChecksum(record.array(), Long.BYTES));
        return record.put(bytes).putInt(maskedChecksum(bytes, bytes.length)).array();
    }

    /// {@return the checksum of the first bytes, turned and shifted so that a checksum of checksums stays a good one}
    private static int maskedChecksum(byte[] bytes, int length) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }
}
