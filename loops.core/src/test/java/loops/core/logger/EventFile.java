package loops.core.logger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads an event file back, by its own means: the framing, both checksums by a table, and the fields of the messages.
final class EventFile {
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int remainder = i;
            for (int bit = 0; bit < 8; bit++) {
                remainder = (remainder >>> 1) ^ ((remainder & 1) * 0x82F63B78);
            }
            TABLE[i] = remainder;
        }
    }

    private EventFile() {}

    /// One event.
    ///
    /// @param wallTime seconds since 1970
    /// @param step of the row
    /// @param fileVersion the text of the first event
    /// @param scalars float values by tag
    /// @param texts texts by tag
    record Event(
            double wallTime,
            long step,
            String fileVersion,
            Map<String, Float> scalars,
            Map<String, String> texts) {}

    static List<Event> read(byte[] file) {
        var events = new ArrayList<Event>();
        int at = 0;
        while (at < file.length) {
            long length = little(file, at, 8);
            check(file, at, 8, at + 8);
            int data = at + 12;
            check(file, data, (int) length, data + (int) length);
            events.add(event(new Wire(file, data, data + (int) length)));
            at = data + (int) length + 4;
        }
        return events;
    }

    static int crc32c(byte[] bytes, int from, int count) {
        int crc = ~0;
        for (int i = from; i < from + count; i++) {
            crc = TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
        }
        return ~crc;
    }

    private static void check(byte[] file, int from, int count, int at) {
        int crc = crc32c(file, from, count);
        int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
        if (masked != (int) little(file, at, 4)) {
            throw new AssertionError(
                    "checksum at %d: %s".formatted(at, HexFormat.of().toHexDigits(masked)));
        }
    }

    private static long little(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        return value;
    }

    private static Event event(Wire wire) {
        double wallTime = 0;
        long step = 0;
        String fileVersion = "";
        var scalars = new LinkedHashMap<String, Float>();
        var texts = new LinkedHashMap<String, String>();
        while (wire.more()) {
            switch (wire.tag()) {
                case (1 << 3) | 1 -> wallTime = Double.longBitsToDouble(wire.fixed(8));
                case 2 << 3 -> step = wire.varint();
                case (3 << 3) | 2 -> fileVersion = wire.inner().text();
                case (5 << 3) | 2 -> {
                    var summary = wire.inner();
                    while (summary.more()) {
                        summary.expect((1 << 3) | 2);
                        value(summary.inner(), scalars, texts);
                    }
                }
                default -> throw new AssertionError("an unknown field of an event");
            }
        }
        return new Event(wallTime, step, fileVersion, scalars, texts);
    }

    private static void value(Wire value, Map<String, Float> scalars, Map<String, String> texts) {
        value.expect((1 << 3) | 2);
        String tag = value.inner().text();
        int field = value.tag();
        if (field == ((2 << 3) | 5)) {
            scalars.put(tag, Float.intBitsToFloat((int) value.fixed(4)));
        } else if (field == ((8 << 3) | 2)) {
            texts.put(tag, string(value.inner()));
            value.expect((9 << 3) | 2);
            var metadata = value.inner();
            metadata.expect((1 << 3) | 2);
            var plugin = metadata.inner();
            plugin.expect((1 << 3) | 2);
            require(plugin.inner().text().equals("text"));
        } else {
            throw new AssertionError("an unknown field of a value");
        }
        require(!value.more());
    }

    /// {@return the one string of a tensor of shape [1]}
    private static String string(Wire tensor) {
        tensor.expect(1 << 3);
        require(tensor.varint() == 7);
        tensor.expect((2 << 3) | 2);
        var shape = tensor.inner();
        shape.expect((2 << 3) | 2);
        var axis = shape.inner();
        axis.expect(1 << 3);
        require(axis.varint() == 1 && !axis.more() && !shape.more());
        tensor.expect((8 << 3) | 2);
        return tensor.inner().text();
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new AssertionError("the file is not as TensorBoard reads it");
        }
    }

    /// A place in the bytes of a message.
    private static final class Wire {
        private final byte[] bytes;
        private int at;
        private final int end;

        Wire(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        boolean more() {
            return at < end;
        }

        int tag() {
            return (int) varint();
        }

        void expect(int tag) {
            require(tag() == tag);
        }

        long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        long fixed(int count) {
            at += count;
            return little(bytes, at - count, count);
        }

        Wire inner() {
            int length = (int) varint();
            at += length;
            return new Wire(bytes, at - length, at);
        }

        String text() {
            return new String(bytes, at, end - at, UTF_8);
        }
    }
}
